import { createCapture } from '../../src/capture/pipeline/index.ts';
import type { Envelope } from '../../src/interception/envelope.ts';
import { burstFrame } from '../../tests/browser/support/hook-site.ts';
import { OPEN_ENVELOPE } from '../../tests/support/sample-envelopes.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';

const FRAMES = 20_000;
const ROUNDS = 18;
const WARM_UP_ROUNDS = 3;
/** A piece as the network hands it over, and one as small as a person's slow line may cut it. */
const PIECE_BYTES = 16 * 1024;
const TINY_PIECE_BYTES = 40;

const utf8 = new TextEncoder();
const event = (value: unknown) => `event: delta\ndata: ${JSON.stringify(value)}\n\n`;
const OPENING =
  'event: delta_encoding\ndata: "v1"\n\n' +
  event({
    p: '',
    o: 'add',
    v: {
      message: {
        id: 'm1',
        author: { role: 'assistant' },
        status: 'in_progress',
        recipient: 'all',
        channel: 'final',
        content: { content_type: 'text', parts: [''] },
        metadata: { parent_id: 'm0' },
      },
      conversation_id: 'c1',
    },
    c: 0,
  });

/** What most frames of an answer are: the place once, then nothing but text. */
function appendFrames(): string {
  let all = OPENING + event({ p: '/message/content/parts/0', o: 'append', v: '' });
  for (let index = 0; index < FRAMES; index += 1) all += event({ v: ` word${index}` });
  return all;
}

/** Frames that name several places, as the site sends them beside the text. */
function patchFrames(): string {
  let all = OPENING;
  for (let index = 0; index < FRAMES; index += 1)
    all += event({
      p: '',
      o: 'patch',
      v: [
        { p: '/message/content/parts/0', o: 'append', v: ` word${index}` },
        { p: '/message/metadata/token_count', o: 'replace', v: index },
      ],
    });
  return all;
}

function cut(text: string, pieceBytes: number): readonly Uint8Array[] {
  const bytes = utf8.encode(text);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return pieces;
}

function decode(envelopes: readonly Envelope[]): number {
  // A clock that stands: the limit of envelopes a second is not what is measured.
  let frames = 0;
  let text = '';
  const capture = createCapture({
    now: () => {
      frames += 1;
      return Math.floor(frames / 1_000) * 1_001;
    },
    onEvent: (told) => {
      if (told.kind === 'message') ({ text } = told.message);
    },
  });
  const startedAtMs = performance.now();
  for (const envelope of envelopes) capture.accept(envelope);
  const tookMs = performance.now() - startedAtMs;
  if (!text.endsWith(` word${FRAMES - 1}`)) throw new Error(`the decoder lost text: it ends with ${text.slice(-20)}`);
  return tookMs;
}

const bodyOf = (pieces: readonly Uint8Array[]): readonly Envelope[] => [
  OPEN_ENVELOPE,
  ...pieces.map((bytes, index): Envelope => ({ v: 1, seq: index + 2, kind: 'chunk', stream: 1, bytes })),
];

/** What any reader of the body must do: decode each piece, find the events, parse each. */
function parseBody(pieces: readonly Uint8Array[]): number {
  const startedAtMs = performance.now();
  const decoder = new TextDecoder();
  let rest = '';
  let parsed: unknown;
  for (const piece of pieces) {
    rest += decoder.decode(piece, { stream: true });
    let from = 0;
    for (let end = rest.indexOf('\n\n', from); end !== -1; end = rest.indexOf('\n\n', from)) {
      parsed = JSON.parse(rest.slice(rest.indexOf('data: ', from) + 6, end));
      from = end + 2;
    }
    if (from > 0) rest = rest.slice(from);
  }
  if (parsed === undefined) throw new Error('nothing was parsed');
  return performance.now() - startedAtMs;
}

/** The bare values of the body, one after the other; nothing is found or put together. */
function parseValues(text: string): () => number {
  const values = text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => block.slice(block.indexOf('data: ') + 6));
  return () => {
    const startedAtMs = performance.now();
    let parsed: unknown;
    for (const value of values) parsed = JSON.parse(value);
    if (parsed === undefined) throw new Error('nothing was parsed');
    return performance.now() - startedAtMs;
  };
}

function parseSocket(frames: readonly string[]): number {
  const startedAtMs = performance.now();
  for (const data of frames.slice(1)) {
    const [envelope] = JSON.parse(data) as { payload: { payload: { encoded_item: string } } }[];
    const item = envelope?.payload.payload.encoded_item ?? '';
    JSON.parse(item.slice(item.indexOf('data: ') + 6));
  }
  return performance.now() - startedAtMs;
}

function compare(name: string, peer: string, ours: () => number, bare: () => number): BenchRow {
  const samples: number[] = [];
  const peers: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const [a, b] = [ours(), bare()];
    if (index < WARM_UP_ROUNDS) continue;
    samples.push(a);
    peers.push(b);
  }
  return benchRow({ name, unit: 'ms', samples, peer: { name: peer, samples: peers }, budget: { ratio: 3 } });
}

/** Decoding cost against the bare parsing of the same frames, in this process. */
export function* decoding(): Generator<BenchRow> {
  const frames = Array.from({ length: FRAMES }, (_, index) => burstFrame(index));
  const socket = frames.map(
    (data, index): Envelope => ({
      v: 1,
      seq: index + 1,
      kind: 'socket',
      socket: 1,
      url: 'wss://ws.chatgpt.com/p1',
      direction: 'in',
      data,
    }),
  );
  yield compare(
    'page: decoding 20,000 socket frames',
    'JSON.parse of the same',
    () => decode(socket),
    () => parseSocket(frames),
  );
  for (const [what, text] of [
    ['appends', appendFrames()],
    ['patches', patchFrames()],
  ] as const) {
    const pieces = cut(text, PIECE_BYTES);
    const body = bodyOf(pieces);
    yield compare(
      `page: decoding a body of 20,000 ${what}`,
      'JSON.parse of the values',
      () => decode(body),
      parseValues(text),
    );
    const tiny = cut(text, TINY_PIECE_BYTES);
    const tinyBody = bodyOf(tiny);
    // JSON.parse alone never sees the cutting: what any reader of such pieces has to do is the fair peer.
    yield compare(
      `page: decoding the same ${what} in pieces of ${TINY_PIECE_BYTES} bytes`,
      'TextDecoder, split and JSON.parse of the same pieces',
      () => decode(tinyBody),
      () => parseBody(tiny),
    );
  }
}
