import { refuse } from './refusal.ts';

/** What of a node is to be set; absent is kept. Times are `'now'` or milliseconds since 1970. */
export interface AttributeChange {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly sizeBytes?: number;
  readonly accessed?: number | 'now';
  readonly modified?: number | 'now';
}

/** A request of 9P2000.L, by what it asks for. Names and numbers are the guest's and unchecked. */
export type Request =
  | { readonly kind: 'version'; readonly messageBytes: number; readonly version: string }
  | { readonly kind: 'attach'; readonly fid: number; readonly uid: number }
  | { readonly kind: 'flush' }
  | { readonly kind: 'walk'; readonly fid: number; readonly toFid: number; readonly names: readonly string[] }
  | { readonly kind: 'open'; readonly fid: number; readonly flags: number }
  | {
      readonly kind: 'create';
      readonly fid: number;
      readonly name: string;
      readonly flags: number;
      readonly mode: number;
      readonly gid: number;
    }
  | {
      readonly kind: 'makeLink';
      readonly fid: number;
      readonly name: string;
      readonly target: string;
      readonly gid: number;
    }
  | {
      readonly kind: 'makeNode';
      readonly fid: number;
      readonly name: string;
      readonly mode: number;
      readonly gid: number;
    }
  | {
      readonly kind: 'makeFolder';
      readonly fid: number;
      readonly name: string;
      readonly mode: number;
      readonly gid: number;
    }
  | { readonly kind: 'rename'; readonly fid: number; readonly toFid: number; readonly toName: string }
  | {
      readonly kind: 'renameAt';
      readonly fid: number;
      readonly name: string;
      readonly toFid: number;
      readonly toName: string;
    }
  | { readonly kind: 'removeAt'; readonly fid: number; readonly name: string; readonly wantsFolder: boolean }
  | { readonly kind: 'remove'; readonly fid: number }
  | { readonly kind: 'readLink'; readonly fid: number }
  | { readonly kind: 'attributes'; readonly fid: number }
  | { readonly kind: 'setAttributes'; readonly fid: number; readonly change: AttributeChange }
  | { readonly kind: 'list'; readonly fid: number; readonly after: number; readonly count: number }
  | { readonly kind: 'read'; readonly fid: number; readonly position: number; readonly count: number }
  | { readonly kind: 'write'; readonly fid: number; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'sync'; readonly fid: number }
  | { readonly kind: 'clunk'; readonly fid: number }
  | { readonly kind: 'usage'; readonly fid: number }
  | { readonly kind: 'lock' }
  | {
      readonly kind: 'testLock';
      readonly start: bigint;
      readonly length: bigint;
      readonly pid: number;
      readonly client: string;
    }
  /** Device nodes, hard links, extended attributes, authentication, and what nobody knows. */
  | { readonly kind: 'refused'; readonly errno: 'EPERM' | 'EOPNOTSUPP' };

/** Names that are not UTF-8 exist on Linux, not in the workspace. A mark at the beginning is part of the name. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const HEADER_BYTES = 7;
/** More than any walk of Linux has (16). */
const MOST_NAMES = 16;

/** Reads a message from front to back; a message that ends too early is EINVAL. Numbers are little-endian. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = HEADER_BYTES;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  u8 = (): number => this.#view.getUint8(this.#take(1));
  u16 = (): number => this.#view.getUint16(this.#take(2), true);
  u32 = (): number => this.#view.getUint32(this.#take(4), true);
  u64 = (): bigint => this.#view.getBigUint64(this.#take(8), true);

  /** A place in a file or a listing; beyond what a number holds exactly there is none. */
  position(): number {
    const value = this.u64();
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? refuse('EINVAL') : Number(value);
  }

  text(): string {
    const length = this.u16();
    const at = this.#take(length);
    try {
      return DECODER.decode(this.#bytes.subarray(at, at + length));
    } catch {
      // Of a fatal decoder this is the one error there is.
      return refuse('EILSEQ');
    }
  }

  bytes(): Uint8Array {
    const length = this.u32();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) return refuse('EINVAL');
    this.#at = at + length;
    return at;
  }
}

const NANOSECONDS = 1_000_000_000n;

function time(seconds: bigint, nanoseconds: bigint): number {
  if (nanoseconds >= NANOSECONDS) return refuse('EINVAL');
  // Seconds before 1970 are two's complement.
  return Number(BigInt.asIntN(64, seconds)) * 1000 + Number(nanoseconds) / 1e6;
}

function attributeChange({ u32, u64 }: Reader): AttributeChange {
  const valid = u32();
  const [mode, uid, gid] = [u32(), u32(), u32()];
  const size = u64();
  const accessed = [u64(), u64()] as const;
  const modified = [u64(), u64()] as const;
  const has = (bit: number): boolean => (valid & bit) !== 0;
  return {
    ...(has(0x1) && { mode }),
    ...(has(0x2) && { uid }),
    ...(has(0x4) && { gid }),
    // What is too large for a number is too large for a file.
    ...(has(0x8) && { sizeBytes: Number(size) }),
    ...(has(0x10) && { accessed: has(0x80) ? time(...accessed) : 'now' }),
    ...(has(0x20) && { modified: has(0x100) ? time(...modified) : 'now' }),
  };
}

function walk(from: Reader): Request {
  const [fid, toFid, count] = [from.u32(), from.u32(), from.u16()];
  if (count > MOST_NAMES) return refuse('EINVAL');
  return { kind: 'walk', fid, toFid, names: Array.from({ length: count }, () => from.text()) };
}

function attach(from: Reader): Request {
  const fid = from.u32();
  from.u32(); // of an authentication that there is not
  from.text(); // user
  from.text(); // which tree: there is one
  return { kind: 'attach', fid, uid: from.u32() };
}

function testLock(from: Reader): Request {
  from.u32();
  from.u8();
  return { kind: 'testLock', start: from.u64(), length: from.u64(), pid: from.u32(), client: from.text() };
}

/** By the type of the message. Source: https://github.com/chaos/diod/blob/master/protocol.md and Linux' net/9p/client.c. */
const DECODERS: Readonly<Record<number, (from: Reader) => Request>> = {
  8: (from) => ({ kind: 'usage', fid: from.u32() }),
  12: (from) => ({ kind: 'open', fid: from.u32(), flags: from.u32() }),
  14: (from) => ({
    kind: 'create',
    fid: from.u32(),
    name: from.text(),
    flags: from.u32(),
    mode: from.u32(),
    gid: from.u32(),
  }),
  16: (from) => ({ kind: 'makeLink', fid: from.u32(), name: from.text(), target: from.text(), gid: from.u32() }),
  18: (from) => {
    const [fid, name, mode] = [from.u32(), from.text(), from.u32()];
    from.u32(); // numbers of a device
    from.u32();
    return { kind: 'makeNode', fid, name, mode, gid: from.u32() };
  },
  20: (from) => ({ kind: 'rename', fid: from.u32(), toFid: from.u32(), toName: from.text() }),
  22: (from) => ({ kind: 'readLink', fid: from.u32() }),
  24: (from) => ({ kind: 'attributes', fid: from.u32() }),
  26: (from) => ({ kind: 'setAttributes', fid: from.u32(), change: attributeChange(from) }),
  40: (from) => ({ kind: 'list', fid: from.u32(), after: from.position(), count: from.u32() }),
  50: (from) => ({ kind: 'sync', fid: from.u32() }),
  52: () => ({ kind: 'lock' }),
  54: testLock,
  70: () => ({ kind: 'refused', errno: 'EPERM' }), // git and tar do without hard links after this answer
  72: (from) => ({ kind: 'makeFolder', fid: from.u32(), name: from.text(), mode: from.u32(), gid: from.u32() }),
  74: (from) => ({ kind: 'renameAt', fid: from.u32(), name: from.text(), toFid: from.u32(), toName: from.text() }),
  76: (from) => ({ kind: 'removeAt', fid: from.u32(), name: from.text(), wantsFolder: (from.u32() & 0x200) !== 0 }),
  100: (from) => ({ kind: 'version', messageBytes: from.u32(), version: from.text() }),
  104: attach,
  108: () => ({ kind: 'flush' }),
  110: walk,
  116: (from) => ({ kind: 'read', fid: from.u32(), position: from.position(), count: from.u32() }),
  118: (from) => ({ kind: 'write', fid: from.u32(), position: from.position(), bytes: from.bytes() }),
  120: (from) => ({ kind: 'clunk', fid: from.u32() }),
  122: (from) => ({ kind: 'remove', fid: from.u32() }),
};

/** Type and tag of a message, for its answer; of one that is too short for them, those that no request has. */
export function headerOf(message: Uint8Array): { readonly type: number; readonly tag: number } {
  const [, , , , type = 0, low = 0xff, high = 0xff] = message;
  return { type, tag: low | (high << 8) };
}

/**
 * What a message asks for. `bytes` of a write are a view of the message. Throws a `Refusal`: EINVAL for a message that
 * ends too early, EILSEQ for a name that is not UTF-8.
 */
export function decodeRequest(message: Uint8Array): Request {
  if (message.length < HEADER_BYTES) return refuse('EINVAL');
  const decode = DECODERS[headerOf(message).type];
  return decode ? decode(new Reader(message)) : { kind: 'refused', errno: 'EOPNOTSUPP' };
}
