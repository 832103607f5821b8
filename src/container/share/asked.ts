// What both ends of a share's port make of a message. Numbers are little-endian.

export const GET_ATTRIBUTES = 24;
export const USAGE = 8;
export const OPEN = 12;
export const CREATE = 14;
const SYNC = 50;
const VERSION = 100;
export const WALK = 110;
export const READ = 116;
export const WRITE = 118;
export const CLUNK = 120;
const REMOVE = 122;
const SET_ATTRIBUTES = 26;
const [RENAME, RENAME_AT, REMOVE_AT] = [20, 74, 76];
/** Type of the answer to a request of that type. */
export const answerOf = (type: number): number => type + 1;

export const HEADER_BYTES = 7;
const TAG_AT = 5;
/** Of requests: header, then numbers. */
export const FID_BYTES = HEADER_BYTES + 4;
export const ATTRIBUTES_BYTES = FID_BYTES + 8;
const NAME_BYTES = FID_BYTES + 2;
const WALK_BYTES = FID_BYTES + 4 + 2;
const READ_BYTES = FID_BYTES + 8 + 4;

const ACCESS = 0o3;
const TRUNCATE = 0o1000;
/** Bytes go to where the file ends, or the program waits for the disk: O_APPEND, O_DSYNC, O_SYNC. */
const APPEND_OR_SYNC = 0o2000 | 0o10000 | 0o4000000;

/** What matters of a request here. */
export interface Asked {
  readonly kind:
    | 'version'
    | 'clunk'
    | 'remove'
    /** Removes or renames something. */
    | 'moves'
    | 'clone'
    | 'walk'
    | 'open'
    | 'create'
    | 'read'
    | 'write'
    | 'sync'
    | 'attributes'
    | 'other'
    | 'odd';
  readonly tag: number;
  readonly fid: number;
  /** Of a walk: the fid that it makes. */
  readonly toFid: number | null;
  /** Of a walk: how many names. */
  readonly names: number;
  /** Of a walk of one name, and of what is made: its bytes, each a character. */
  readonly name: string | null;
  /** Of a file that is opened or made: it is written to, where each write says, and nobody waits for the disk by it. */
  readonly writes: boolean;
  /** It may make a file shorter. */
  readonly cuts: boolean;
  /** Of a read or a write. */
  readonly position: number;
  readonly count: number;
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** A copy of an answer, for another request. */
export function forRequest(tag: number, answer: Uint8Array): Uint8Array {
  const copy = answer.slice();
  viewOf(copy).setUint16(TAG_AT, tag, true);
  return copy;
}

/** How long a message says that it is. */
export const sizeOf = (message: Uint8Array): number =>
  message.length < HEADER_BYTES ? message.length : viewOf(message).getUint32(0, true);

const ODD: Asked = {
  kind: 'odd',
  tag: 0,
  fid: 0,
  toFid: null,
  names: 0,
  name: null,
  writes: false,
  cuts: false,
  position: 0,
  count: 0,
};

type Body = (view: DataView) => Partial<Asked> | null;

const ONE_EACH = new TextDecoder('latin1');

/** The text whose length is there; null where it does not end at `end`. */
function nameAt(view: DataView, at: number, end: number): string | null {
  const from = at + 2;
  if (from > end || from + view.getUint16(at, true) !== end) return null;
  return ONE_EACH.decode(new Uint8Array(view.buffer, view.byteOffset + from, end - from));
}

const flagsOf = (flags: number) => ({
  writes: (flags & ACCESS) !== 0 && (flags & APPEND_OR_SYNC) === 0,
  cuts: (flags & TRUNCATE) !== 0,
});
const moves: Body = () => ({ kind: 'moves' });

const spanOf = (view: DataView) => ({
  position: Number(view.getBigUint64(FID_BYTES, true)),
  count: view.getUint32(FID_BYTES + 8, true),
});

/** Of requests whose body is as Linux writes it. */
const BODIES: Readonly<Record<number, Body>> = {
  [VERSION]: () => ({ kind: 'version' }),
  [REMOVE]: () => ({ kind: 'remove' }),
  [SYNC]: () => ({ kind: 'sync' }),
  [SET_ATTRIBUTES]: () => ({ cuts: true }),
  [RENAME]: moves,
  [RENAME_AT]: moves,
  [REMOVE_AT]: moves,
  [CLUNK]: ({ byteLength }) => (byteLength === FID_BYTES ? { kind: 'clunk' } : null),
  [GET_ATTRIBUTES]: ({ byteLength }) => (byteLength === ATTRIBUTES_BYTES ? { kind: 'attributes' } : null),
  [OPEN](view) {
    if (view.byteLength !== FID_BYTES + 4) return null;
    return { kind: 'open', ...flagsOf(view.getUint32(FID_BYTES, true)) };
  },
  [CREATE](view) {
    // Behind the name: flags, mode, group.
    const end = view.byteLength - 12;
    const name = end < NAME_BYTES ? null : nameAt(view, FID_BYTES, end);
    return name === null ? null : { kind: 'create', name, ...flagsOf(view.getUint32(end, true)) };
  },
  [READ]: (view) => (view.byteLength === READ_BYTES ? { kind: 'read', ...spanOf(view) } : null),
  [WRITE](view) {
    if (view.byteLength < READ_BYTES) return null;
    const span = spanOf(view);
    return span.count === view.byteLength - READ_BYTES ? { kind: 'write', ...span } : null;
  },
  [WALK](view) {
    if (view.byteLength < WALK_BYTES) return null;
    const names = view.getUint16(FID_BYTES + 4, true);
    const isClone = names === 0 && view.byteLength === WALK_BYTES;
    const name = names === 1 ? nameAt(view, WALK_BYTES, view.byteLength) : null;
    return { kind: isClone ? 'clone' : 'walk', toFid: view.getUint32(FID_BYTES, true), names, name };
  },
};

/** Of what is `other` nothing is known but that the host judges it. What does not say how long it is, or names no fid, is odd. */
export function askedIn(request: Uint8Array): Asked {
  if (request.length < FID_BYTES || sizeOf(request) !== request.length) return ODD;
  const view = viewOf(request);
  const header = { tag: view.getUint16(TAG_AT, true), fid: view.getUint32(HEADER_BYTES, true) };
  return { ...ODD, kind: 'other', ...header, ...BODIES[request[4] ?? 0]?.(view) };
}

/** True for an answer that is not a refusal. */
export const isAnswer = (answer: Uint8Array, type: number): boolean => answer[4] === answerOf(type);

/** The messages that lie one after the other in these bytes; null where they do not fill them, or are more than `most`. */
export function messagesOf(bytes: Uint8Array, most: number): Uint8Array[] | null {
  const all: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = sizeOf(bytes.subarray(at));
    const end = at + length;
    if (length < HEADER_BYTES || end > bytes.length || all.length >= most) return null;
    all.push(bytes.subarray(at, end));
    at = end;
  }
  return all;
}
