// What both ends of a share's port know of 9P2000.L beyond its messages: which need no answer, and which comes next. Numbers are
// little-endian.

const GET_ATTRIBUTES = 24;
const WALK = 110;
const READ = 116;
const CLUNK = 120;
const VERSION = 100;
/** Type of the answer to a request of that type. */
const answerOf = (type: number): number => type + 1;

const HEADER_BYTES = 7;
/** Of requests: header, then numbers. */
const FID_BYTES = HEADER_BYTES + 4;
const WALK_BYTES = FID_BYTES + 4 + 2;
const READ_BYTES = FID_BYTES + 8 + 4;
const ATTRIBUTES_BYTES = FID_BYTES + 8;
/** All that Linux ever asks for. */
const ALL_ATTRIBUTES = 0x3fffn;

/** So many requests that nobody waits for go before another at most. */
export const MOST_BEFORE = 15;

/** Linux asks next within the same system call; what it does not ask so soon it is told anew. */
const FORESEEN_MS = 50;

/** What matters of a request here. */
export interface Asked {
  readonly kind: 'version' | 'clunk' | 'clone' | 'walk' | 'read' | 'attributes' | 'other' | 'odd';
  readonly tag: number;
  readonly fid: number;
  /** Of a walk: the fid that it makes. */
  readonly toFid: number | null;
  /** Of a walk: how many names. */
  readonly names: number;
  /** Of a read. */
  readonly position: number;
  readonly count: number;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

const ODD = { kind: 'odd', tag: 0, fid: 0, toFid: null, names: 0, position: 0, count: 0 } as const;

type Body = (view: DataView) => Partial<Asked> | null;

/** Of requests whose body is as Linux writes it. */
const BODIES: Readonly<Record<number, Body>> = {
  [VERSION]: () => ({ kind: 'version' }),
  [CLUNK]: ({ byteLength }) => (byteLength === FID_BYTES ? { kind: 'clunk' } : null),
  [GET_ATTRIBUTES]: ({ byteLength }) => (byteLength === ATTRIBUTES_BYTES ? { kind: 'attributes' } : null),
  [READ](view) {
    if (view.byteLength !== READ_BYTES) return null;
    const position = Number(view.getBigUint64(FID_BYTES, true));
    return { kind: 'read', position, count: view.getUint32(FID_BYTES + 8, true) };
  },
  [WALK](view) {
    if (view.byteLength < WALK_BYTES) return null;
    const names = view.getUint16(FID_BYTES + 4, true);
    const isClone = names === 0 && view.byteLength === WALK_BYTES;
    return { kind: isClone ? 'clone' : 'walk', toFid: view.getUint32(FID_BYTES, true), names };
  },
};

/** Of what is `other` nothing is known but that the host judges it. What does not say how long it is, or names no fid, is odd. */
export function askedIn(request: Uint8Array): Asked {
  if (request.length < FID_BYTES || sizeOf(request) !== request.length) return ODD;
  const view = viewOf(request);
  const header = { tag: view.getUint16(5, true), fid: view.getUint32(HEADER_BYTES, true) };
  return { ...ODD, kind: 'other', ...header, ...BODIES[request[4] ?? 0]?.(view) };
}

/** A message of that type with `room` bytes behind its header, zeros. */
function message(type: number, tag: number, room: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + room);
  const view = viewOf(bytes);
  view.setUint32(0, bytes.length, true);
  view.setUint8(4, type);
  view.setUint16(5, tag, true);
  return bytes;
}

/** The answer to a clunk. */
export const letGo = (tag: number): Uint8Array => message(answerOf(CLUNK), tag, 0);

/** The answer to a walk of no names. */
export const cloned = (tag: number): Uint8Array => message(answerOf(WALK), tag, 2);

/** The answer to the next request, where it is the one that was foreseen. */
export type Foreseen = (asked: Asked) => Uint8Array | null;

/**
 * Two things are foreseen. Linux asks for the attributes of whatever it walked to, which the host sends along; and it reads again after
 * fewer bytes than it asked for, for the rest, to meet the end of the file there. Both come within one system call, so that a program
 * does not see what was so before its question. A program that reads a file without blocking makes a call of its own of the second, and mostly
 * asks for as much again; one that asks for the rest may meet an end that was one 50 ms ago.
 */
export function foresee(asked: Asked, answer: Uint8Array): Foreseen | null {
  const untilMs = performance.now() + FORESEEN_MS;
  const isNow = (): boolean => performance.now() < untilMs;
  const along = answer.subarray(sizeOf(answer));
  if (along.length > 0) {
    return ({ kind, fid, tag }) => {
      if (kind !== 'attributes' || fid !== asked.toFid || !isNow()) return null;
      const attributes = along.slice();
      viewOf(attributes).setUint16(5, tag, true);
      return attributes;
    };
  }
  if (asked.kind !== 'read' || answer[4] !== answerOf(READ) || answer.length < FID_BYTES) return null;
  const count = viewOf(answer).getUint32(HEADER_BYTES, true);
  if (count === 0 || count >= asked.count) return null;
  const end = asked.position + count;
  const rest = asked.count - count;
  return (next) => {
    const isRest = next.kind === 'read' && next.fid === asked.fid && next.position === end && next.count === rest;
    return isRest && isNow() ? message(answerOf(READ), next.tag, 4) : null;
  };
}

/** The first message of an answer; what follows is foreseen. */
export const wholeOf = (answer: Uint8Array): Uint8Array => answer.subarray(0, sizeOf(answer));

const sizeOf = (answer: Uint8Array): number =>
  answer.length < HEADER_BYTES ? answer.length : viewOf(answer).getUint32(0, true);

/**
 * For the host: the requests that go together. The last one keeps the buffer, whose memory is its own. Null where they do not fill it, or
 * are more than ever go together.
 */
export function together(requests: Uint8Array): Uint8Array[] | null {
  const all: Uint8Array[] = [];
  for (let at = 0; at < requests.length; ) {
    const length = sizeOf(requests.subarray(at));
    const end = at + length;
    if (length < HEADER_BYTES || end > requests.length || all.length > MOST_BEFORE) return null;
    all.push(end === requests.length ? requests.subarray(at) : requests.slice(at, end));
    at = end;
  }
  return all;
}

/** For the host: what Linux asks after a walk that went all the way; null after any other request. */
export function nextAfter(asked: Asked, answer: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (asked.kind !== 'walk' || asked.toFid === null || answer[4] !== answerOf(WALK)) return null;
  if (viewOf(answer).getUint16(HEADER_BYTES, true) !== asked.names) return null;
  const request = message(GET_ATTRIBUTES, 0, ATTRIBUTES_BYTES - HEADER_BYTES);
  viewOf(request).setUint32(HEADER_BYTES, asked.toFid, true);
  viewOf(request).setBigUint64(FID_BYTES, ALL_ATTRIBUTES, true);
  return request;
}

/** True for the attributes that `nextAfter` asked for. */
export const isAttributes = (answer: Uint8Array): boolean => answer[4] === answerOf(GET_ATTRIBUTES);
