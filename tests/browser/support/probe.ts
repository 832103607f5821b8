// The isolated end under test: records what comes out of the page channel and tells a test on request.
import { connectPage } from '../../../src/bridge/page/index.ts';
import type { Envelope } from '../../../src/interception/envelope.ts';

/** What a test asks; the answer comes when as many things have been seen. */
export interface ProbeQuestion {
  readonly ends?: number;
  readonly frames?: number;
  /** A report of health follows the end of each body that is read. */
  readonly healths?: number;
  readonly end?: true;
  readonly answer?: { readonly socket: number; readonly text: string };
}

export interface ProbeStream {
  readonly stream: number;
  readonly open: Extract<Envelope, { kind: 'open' }> | null;
  readonly how: string | null;
  readonly chunks: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly text: string;
}

export interface ProbeAnswer {
  readonly streams: readonly ProbeStream[];
  readonly frames: readonly {
    readonly socket: number;
    readonly url: string;
    readonly direction: string;
    readonly data: string | number[];
  }[];
  readonly frameCount: number;
  readonly health: Readonly<Record<string, number>> | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly isConnected: boolean;
  readonly seqs: readonly number[];
  /** When each of the first frames came, on the page's own clock. */
  readonly frameTimesMs: readonly number[];
}

const KEPT = 500;
const opens = new Map<number, Extract<Envelope, { kind: 'open' }>>();
const ends = new Map<number, string>();
const chunks = new Map<number, Uint8Array[]>();
const frames: { socket: number; url: string; direction: string; data: string | number[] }[] = [];
const seqs: number[] = [];
const frameTimesMs: number[] = [];
let frameCount = 0;
let healthCount = 0;
let health: Readonly<Record<string, number>> | null = null;
const stop = new AbortController();
const waiting: { question: ProbeQuestion; settle: () => void }[] = [];

function take(envelope: Envelope): void {
  if (seqs.length < KEPT) seqs.push(envelope.seq);
  if (envelope.kind === 'open') opens.set(envelope.stream, envelope);
  else if (envelope.kind === 'end') ends.set(envelope.stream, envelope.how);
  else if (envelope.kind === 'chunk') {
    const list = chunks.get(envelope.stream) ?? [];
    list.push(envelope.bytes);
    chunks.set(envelope.stream, list);
  } else if (envelope.kind === 'socket') {
    frameCount += 1;
    if (frameTimesMs.length < 5_000) frameTimesMs.push(performance.now());
    const { socket, url, direction, data } = envelope;
    if (frames.length < KEPT)
      frames.push({ socket, url, direction, data: typeof data === 'string' ? data : [...data] });
  } else {
    health = envelope.counts;
    healthCount += 1;
  }
  for (const one of waiting) if (isMet(one.question)) one.settle();
}

const isMet = (question: ProbeQuestion): boolean =>
  ends.size >= (question.ends ?? 0) && frameCount >= (question.frames ?? 0) && healthCount >= (question.healths ?? 0);

const connection = connectPage({ signal: stop.signal, onEnvelope: take });

async function describe(stream: number): Promise<ProbeStream> {
  const list = chunks.get(stream) ?? [];
  const all = new Uint8Array(list.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of list) {
    all.set(one, at);
    at += one.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const text = new TextDecoder().decode(all.subarray(0, 2_000));
  const open = opens.get(stream) ?? null;
  return { stream, open, how: ends.get(stream) ?? null, chunks: list.length, bytes: all.length, sha256, text };
}

async function answer(): Promise<ProbeAnswer> {
  const streams: ProbeStream[] = [];
  for (const stream of opens.keys()) streams.push(await describe(stream));
  return {
    streams,
    frames,
    frameCount,
    health,
    counts: { ...connection.counts() },
    isConnected: connection.isConnected(),
    seqs,
    frameTimesMs,
  };
}

const element = document.documentElement;
document.addEventListener('probe-ask', () => {
  const question = JSON.parse(element.getAttribute('probe-question') ?? '{}') as ProbeQuestion;
  const reply = async (): Promise<void> => {
    element.setAttribute('probe-answer', JSON.stringify(await answer()));
    document.dispatchEvent(new Event('probe-answered'));
  };
  if (question.answer) void connection.sendOnSocket(question.answer.socket, question.answer.text);
  if (question.end) stop.abort();
  if (isMet(question)) void reply();
  else {
    const one = { question, settle: () => void (waiting.splice(waiting.indexOf(one), 1), reply()) };
    waiting.push(one);
  }
});
