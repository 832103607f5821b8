import { toBytes } from './buffers.ts';
import { absolutePath, callFile, factsOf, fileError, type FileFacts, PIECE_BYTES } from './file-calls.ts';
import { fsSync, Stats } from './fs-sync.ts';

/** Linux' numbers. */
export const OPEN_CONSTANTS = {
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
} as const;
const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = OPEN_CONSTANTS;

/** What Node's words for flags say; an `s` for synchronous changes nothing here. */
const WORDS: Readonly<Record<string, number>> = {
  r: O_RDONLY,
  'r+': O_RDWR,
  w: O_WRONLY | O_CREAT | O_TRUNC,
  wx: O_WRONLY | O_CREAT | O_TRUNC | O_EXCL,
  'w+': O_RDWR | O_CREAT | O_TRUNC,
  'wx+': O_RDWR | O_CREAT | O_TRUNC | O_EXCL,
  a: O_WRONLY | O_CREAT | O_APPEND,
  ax: O_WRONLY | O_CREAT | O_APPEND | O_EXCL,
  'a+': O_RDWR | O_CREAT | O_APPEND,
  'ax+': O_RDWR | O_CREAT | O_APPEND | O_EXCL,
};

interface Opened {
  /** The worker's: the file stays the same one whatever happens to its name. */
  readonly handle: number;
  readonly path: string;
  readonly flags: number;
  position: number;
}
const open = new Map<number, Opened>();
let nextDescriptor = 3;

function opened(descriptor: number, syscall: string): Opened {
  const found = open.get(descriptor);
  if (!found) throw fileError('EBADF', syscall);
  return found;
}

function flagsOf(given: string | number | null): number {
  const flags = typeof given === 'number' ? given : WORDS[(given ?? 'r').replace('s', '')];
  if (flags !== undefined) return flags;
  throw Object.assign(new TypeError(`The argument 'flags' is invalid. Received '${String(given)}'`), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
}

const call = (
  { handle, path }: Opened,
  syscall: string,
  asked: { readonly op: string; readonly [name: string]: unknown },
  bytes?: Uint8Array,
): ReturnType<typeof callFile> => callFile(syscall, { ...asked, path, handle }, bytes);

const factsOfOpen = (file: Opened, syscall: string): FileFacts =>
  call(file, syscall, { op: 'stat' }) as unknown as FileFacts;

/** Reads until the length is there or the file ends. */
function readInto(file: Opened, into: Uint8Array, position: number): number {
  if ((file.flags & O_WRONLY) !== 0) throw fileError('EBADF', 'read');
  let at = 0;
  while (at < into.length) {
    const length = Math.min(PIECE_BYTES, into.length - at);
    const piece = call(file, 'read', { op: 'read', position: position + at, length }) as Uint8Array;
    if (piece.length === 0) break;
    into.set(piece, at);
    at += piece.length;
  }
  return at;
}

function writeBytes(file: Opened, bytes: Uint8Array, given: number | null): void {
  if ((file.flags & (O_WRONLY | O_RDWR)) === 0) throw fileError('EBADF', 'write');
  const isAppending = (file.flags & O_APPEND) !== 0;
  const from = isAppending ? factsOfOpen(file, 'write').sizeBytes : (given ?? file.position);
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    call(file, 'write', { op: 'write', position: from + at }, bytes.subarray(at, at + PIECE_BYTES));
  }
  if (given === null) file.position = from + bytes.length;
}

interface Span {
  readonly offset?: number;
  readonly length?: number;
  readonly position?: number | bigint | null;
}

/** Node's places in a buffer: three numbers in a row, or an object of them. */
function spanOf(rest: readonly unknown[]): Span {
  const [first, length, position] = rest;
  if (typeof first === 'object' && first !== null) return first;
  return { offset: first, length, position } as Span;
}

const placeOf = (position: Span['position']): number | null =>
  position === undefined || position === null || Number(position) < 0 ? null : Number(position);

/** What is left from where the file is read; for `readFile` of something that is open. */
export function readRest(descriptor: number): Uint8Array {
  const file = opened(descriptor, 'read');
  const rest = new Uint8Array(Math.max(0, factsOfOpen(file, 'fstat').sizeBytes - file.position));
  const count = readInto(file, rest, file.position);
  file.position += count;
  return rest.subarray(0, count);
}

/** Numbered files, for programs that read or write in pieces. */
export const descriptors = {
  openSync(given: unknown, wish: string | number | null = 'r'): number {
    const path = absolutePath(given);
    const flags = flagsOf(wish);
    const isThere = fsSync.existsSync(path);
    if (isThere && (flags & O_EXCL) !== 0 && (flags & O_CREAT) !== 0) throw fileError('EEXIST', 'open', path);
    if ((flags & O_CREAT) === 0) factsOf(path, 'open');
    const isCut = isThere ? (flags & O_TRUNC) !== 0 : (flags & O_CREAT) !== 0;
    if (isCut) callFile('open', { op: 'truncate', path, size: 0 });
    const { handle } = callFile('open', { op: 'open', path }) as unknown as { readonly handle: number };
    const descriptor = nextDescriptor;
    nextDescriptor += 1;
    open.set(descriptor, { handle, path, flags, position: 0 });
    return descriptor;
  },
  closeSync(descriptor: number): void {
    const file = opened(descriptor, 'close');
    open.delete(descriptor);
    call(file, 'close', { op: 'close' });
  },
  fstatSync: (descriptor: number): Stats => new Stats(factsOfOpen(opened(descriptor, 'fstat'), 'fstat')),
  fsyncSync(descriptor: number): void {
    call(opened(descriptor, 'fsync'), 'fsync', { op: 'flush' });
  },
  fdatasyncSync(descriptor: number): void {
    call(opened(descriptor, 'fdatasync'), 'fdatasync', { op: 'flush' });
  },
  ftruncateSync(descriptor: number, size = 0): void {
    const file = opened(descriptor, 'ftruncate');
    if ((file.flags & (O_WRONLY | O_RDWR)) === 0) throw fileError('EINVAL', 'ftruncate');
    call(file, 'ftruncate', { op: 'truncate', size });
  },
  readSync(descriptor: number, into: ArrayBufferView, ...rest: unknown[]): number {
    const file = opened(descriptor, 'read');
    const whole = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    const { offset = 0, length = whole.length - offset, position } = spanOf(rest);
    const place = placeOf(position);
    const count = readInto(file, whole.subarray(offset, offset + length), place ?? file.position);
    if (place === null) file.position += count;
    return count;
  },
  writeSync(descriptor: number, content: unknown, ...rest: unknown[]): number {
    const isText = typeof content === 'string';
    let bytes = toBytes(content, isText && typeof rest[1] === 'string' ? rest[1] : undefined);
    let place: number | null;
    if (isText) place = placeOf(rest[0] as number | null | undefined);
    else {
      const { offset = 0, length = bytes.length - offset, position } = spanOf(rest);
      bytes = bytes.subarray(offset, offset + length);
      place = placeOf(position);
    }
    if (descriptor === 1 || descriptor === 2) return writeStandard(descriptor, bytes);
    writeBytes(opened(descriptor, 'write'), bytes, place);
    return bytes.length;
  },
};

function writeStandard(stream: 1 | 2, bytes: Uint8Array): number {
  const { process } = globalThis as unknown as { process: Record<string, { write(text: string): void }> };
  process[stream === 1 ? 'stdout' : 'stderr']?.write(new TextDecoder().decode(bytes));
  return bytes.length;
}
