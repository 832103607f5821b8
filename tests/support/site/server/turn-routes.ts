import { randomUUID } from 'node:crypto';
import type { RunningTurn } from './perform-turn.ts';
import { type Exchange, json, parseRecord, type Route } from './answer.ts';
import type { SiteState, TurnPost } from './site-state.ts';
import { writeStream } from './write-stream.ts';
import { isHandedOff } from '../options.ts';
import type { TurnItem } from '../wire/turn-log.ts';

/** A cut by bytes falls here when no better place is known. */
const cutInsideEventBytes = 17;

export const turnRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/backend-(?:api|anon)\/f\/conversation\/prepare$/, answer: prepare },
  { method: 'POST', path: /^\/backend-(?:api|anon|alt)(?:\/f)?\/conversation$/, answer: startTurn },
  { method: 'POST', path: /^\/backend-api\/feed\/card\/[^/]+\/conversation$/, answer: startTurn },
  { method: 'POST', path: /^\/backend-a(?:pi|lt)\/f\/conversation\/resume$/, answer: resume },
  { method: 'POST', path: /^\/backend-api\/stop_conversation$/, answer: stop },
  { method: 'POST', path: /^\/backend-a(?:pi|lt)\/f\/steer_turn$/, answer: steer },
  { method: 'GET', path: /^\/backend-api\/conversation\/([^/]+)\/stream_status$/, answer: streamStatus },
];

function prepare({ response }: Exchange): void {
  json(response, { status: 'ok', conduit_token: 'SYNTHETIC-CONDUIT-TOKEN' });
}

async function startTurn(exchange: Exchange): Promise<void> {
  const { state, response, body, url } = exchange;
  if (state.options.challenges) {
    response.writeHead(403, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><title>Just a moment…</title><p>Checking that you are a person.</p>');
    return;
  }
  const { turn } = state.startTurn(parseTurnPost(body), url.pathname.startsWith('/backend-anon/'));
  const { transport } = state.options;
  const signal = closedSignal(exchange);
  const items = turn.log.read(0, () => (isHandedOff(transport) ? turn.log.handoffAt : null), signal);
  const isCut = transport === 'cut' || transport === 'cut-inside-event' || transport === 'cut-without-resume';
  await streamTo(exchange, items, isCut ? await cutPoint(turn, transport) : null);
}

/** Bytes up to the first frame of the call, or some bytes into the frame after it. */
async function cutPoint(turn: RunningTurn, transport: string): Promise<number> {
  const signal = new AbortController().signal;
  let bytes = 0;
  for await (const item of turn.log.read(0, () => null, signal)) {
    bytes += Buffer.byteLength(item.text);
    if (item.text.includes('"recipient":"python')) break;
  }
  return bytes + (transport === 'cut-inside-event' ? cutInsideEventBytes : 0);
}

async function resume(exchange: Exchange): Promise<void> {
  const { state, response, body } = exchange;
  const asked = parseRecord(body);
  const { resumeAnswer } = state.options;
  const turn = lastTurn(state, String(asked['conversation_id'] ?? ''));
  if (resumeAnswer === 'gone') return json(response, { detail: { code: 'persisted_final_available' } }, 410);
  if (turn === undefined || resumeAnswer === 'not-found' || state.options.transport === 'cut-without-resume') {
    return json(response, { detail: { code: 'tokenless_resume_unavailable' } }, 404);
  }
  const offset = Number(asked['offset'] ?? 0);
  // The page counts the events of the leg that it has read: of the POST, or of the topic.
  const start = resumeAnswer === 'restart' ? 0 : (turn.log.handoffAt ?? 0) + offset;
  await streamTo(
    exchange,
    turn.log.read(start, () => null, closedSignal(exchange)),
    null,
  );
}

function stop({ state, response, body }: Exchange): void {
  const id = String(parseRecord(body)['conversation_id'] ?? '');
  state.conversations.get(id)?.running?.stop();
  state.goOn();
  json(response, { status: 'success' });
}

function steer({ state, response, body }: Exchange): void {
  const asked = parseRecord(body);
  state.steer(String(asked['conversation_id'] ?? ''), String(asked['text'] ?? ''));
  json(response, { status: 'ok' });
}

function streamStatus({ state, response }: Exchange, [id = '']: readonly string[]): void {
  const running = state.conversations.get(id)?.running ?? null;
  const hasTopic = running !== null && running.log.handoffAt !== null && running.transport === 'socket';
  json(response, {
    status: running === null ? 'COMPLETE' : 'IS_STREAMING',
    ...(hasTopic ? { topic_id: running.topic } : {}),
  });
}

async function streamTo(
  exchange: Exchange,
  items: AsyncIterable<TurnItem>,
  cutAfterBytes: number | null,
): Promise<void> {
  const { state, response, url } = exchange;
  const streamId = randomUUID();
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-conduit-token': 'SYNTHETIC-CONDUIT-TOKEN',
    'x-stand-in-stream': streamId,
  });
  response.flushHeaders();
  const bytes = await writeStream(response, items, { speed: state.options.speed, cutAfterBytes });
  state.records.streams.push({ path: url.pathname, streamId, bytes });
  if (!response.destroyed) response.end();
  state.records.changed();
}

function lastTurn(state: SiteState, conversationId: string): RunningTurn | undefined {
  return [...state.turns.values()].findLast((entry) => entry.conversationId === conversationId)?.turn;
}

function closedSignal({ response }: Exchange): AbortSignal {
  const controller = new AbortController();
  response.on('close', () => {
    controller.abort();
  });
  return controller.signal;
}

function parseTurnPost(body: string): TurnPost {
  // The only sender is this stand-in's own page, which is typed with the same interface.
  return JSON.parse(body) as TurnPost;
}
