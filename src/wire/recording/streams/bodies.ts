import type { Letters } from '../values/letters.ts';
import { maskUnread, padTo } from '../values/mask.ts';
import type { Names } from '../values/names.ts';
import { type SseText, maskEvent, placesIn, splitEvents } from './sse-text.ts';
import { type Left, type ReadEvent, type ReadStream, readStream } from './read-stream.ts';
import { frameOf } from './carry.ts';
import { valueOf } from '../values/parse.ts';
import { topPlace, type Values } from '../values/mask-values.ts';

export interface EventMasks {
  readonly names: Names;
  readonly letters: Letters;
  readonly values: Values;
}

/** A body of a stream, cut as it came. */
export interface StreamBody {
  add(bytes: Uint8Array): void;
  /** Reads what came for its messages; to be called once. */
  read(left?: Left): ReadStream;
  /** The pieces with their values replaced, each cut at the matching place. Only after all was read. */
  mask(masks: EventMasks): readonly string[];
}

/** Text of a body in pieces of bytes; a character that is cut belongs to its last piece. */
export function decodePieces(pieces: readonly Uint8Array[]): readonly string[] {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const texts = pieces.map((bytes) => utf8.decode(bytes, { stream: true }));
  const rest = utf8.decode();
  return texts.map((text, at) => (at === texts.length - 1 ? text + rest : text));
}

export function createStreamBody(letters: Letters): StreamBody {
  const pieces: Uint8Array[] = [];
  let events: readonly ReadEvent[] = [];
  let lengths: readonly number[] = [];
  return {
    add: (bytes) => pieces.push(bytes),
    read: (left) => {
      const texts = decodePieces(pieces);
      lengths = texts.map((text) => text.length);
      const stream = readStream(letters, left);
      events = stream.readBody(splitEvents(texts.join('')));
      return stream;
    },
    mask: (masks) => cutAnew(events, lengths, masks),
  };
}

/** One piece of event-stream text as it stands in a frame of a socket. */
export function maskItem(events: readonly ReadEvent[], masks: EventMasks): string {
  return events.map((read) => textOf(maskRead(read, masks))).join('');
}

const textOf = (lines: SseText['lines']): string => lines.map(({ text, end }) => text + end).join('');

function maskRead(read: ReadEvent, masks: EventMasks): SseText['lines'] {
  return maskEvent(read.event, {
    name: (name) => masks.names.word(name),
    masked: maskUnread,
    data: () => {
      const data = maskData(read, masks);
      const isLike = data !== null && read.unlike !== null && data === maskData(read.unlike, masks);
      // Equal but for blanks at its end, which mean nothing.
      return isLike ? padTo(data, (read.event.data?.length ?? 0) + 1) : data;
    },
  });
}

/** Null where the data is no JSON, and is masked line by line. */
function maskData(read: ReadEvent, { names, letters, values }: EventMasks): string | null {
  const { event, value, carry, messageId } = read;
  if (event.data?.trim() === '[DONE]') return '[DONE]';
  if (value === undefined) return null;
  // A version of the encoding, by itself or as the whole event.
  if (typeof value === 'string') return JSON.stringify(/^v\d{1,2}$/.test(value) ? value : names.word(value));
  const letter = letters.ofMessage(messageId);
  const frame = frameOf(event.name, value);
  if (!frame) return JSON.stringify(values.mask(value, topPlace(letter)));
  return JSON.stringify(values.maskFrame(frame, carry, letter));
}

function cutAnew(events: readonly ReadEvent[], lengths: readonly number[], masks: EventMasks): readonly string[] {
  const before = events.flatMap(({ event }) => event.lines);
  const after = events.flatMap((read) => maskRead(read, masks));
  const whole = textOf(after);
  let offset = 0;
  const places = placesIn(
    lengths.map((length) => (offset += length)),
    before,
    after,
  );
  return places.map((place, at) => whole.slice(places[at - 1] ?? 0, place));
}

/** A document, or the answer to a request that was refused. */
export function maskDocument(marked: string, values: Values): { readonly json: unknown } | { readonly text: string } {
  const text = marked.replace(/^\uFEFF/, '');
  const value = valueOf(text);
  return value === undefined ? { text: maskUnread(text) } : { json: values.mask(value, topPlace('x')) };
}
