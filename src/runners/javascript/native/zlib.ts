import { joinBytes } from '../../../base/index.ts';
import crc32 from 'crc-32';
import { Deflate, Inflate } from 'pako';
import { type NativeLimits, type NativeRequest, Refused } from './request.ts';

/** Bytes that are read between two looks at whether to stop. */
const PIECE = 256 * 1024;
const DATA_ERROR = -3;
const BUF_ERROR = -5;
const NEED_DICT = 2;
const NAMES: Readonly<Record<number, string>> = {
  [NEED_DICT]: 'Z_NEED_DICT',
  [DATA_ERROR]: 'Z_DATA_ERROR',
  [BUF_ERROR]: 'Z_BUF_ERROR',
  [-2]: 'Z_STREAM_ERROR',
  [-4]: 'Z_MEM_ERROR',
};

interface Options {
  readonly level?: number;
  readonly windowBits?: number;
  readonly memLevel?: number;
  readonly strategy?: number;
  readonly hasDictionary?: boolean;
  readonly maxOutputLength?: number;
  /** What there is of the data may be all of it. */
  readonly isPartial?: boolean;
}

const MOST_WINDOW = 15;
/** What zlib adds to the bits of the window for gzip, and for whichever of the two it finds. */
const GZIP = 16;
const EITHER = 32;

function refusedAs(errno: number, message: string): Refused {
  return new Refused({ message, code: NAMES[errno] ?? 'Z_ERRNO', errno });
}

/** `crc32` is a number; `gzip`, `deflate`, `deflateRaw` and what undoes them are bytes. */
export function runZlib(
  request: NativeRequest,
  data: Uint8Array,
  dictionary: Uint8Array,
  limits: NativeLimits,
): unknown {
  const kind = String(request['op']);
  const options = (request['options'] ?? {}) as Options;
  if (kind === 'crc32') return crc32.buf(data, Number(request['from'] ?? 0)) >>> 0;
  return /^(?:gzip|deflate|deflateRaw)$/u.test(kind)
    ? packed(kind, data, options, dictionary, limits)
    : unpacked(kind, data, options, dictionary, limits);
}

/** Hands data on piece by piece; whoever wants the run to end is heard in between. */
function push(
  data: Uint8Array,
  { shouldStop }: NativeLimits,
  take: (piece: Uint8Array, isLast: boolean) => boolean,
): void {
  for (let at = 0; ; at += PIECE) {
    const isLast = at + PIECE >= data.length;
    if (!take(data.subarray(at, at + PIECE), isLast) || isLast || shouldStop()) return;
  }
}

function packed(
  kind: string,
  data: Uint8Array,
  { level = -1, windowBits = MOST_WINDOW, memLevel = 8, strategy = 0, hasDictionary }: Options,
  dictionary: Uint8Array,
  limits: NativeLimits,
): Uint8Array {
  const deflate = new Deflate({
    level,
    windowBits,
    memLevel,
    strategy: strategy as 0,
    raw: kind === 'deflateRaw',
    gzip: kind === 'gzip',
    ...(hasDictionary === true ? { dictionary } : {}),
  });
  push(data, limits, (piece, isLast) => deflate.push(piece, isLast));
  if (deflate.err !== 0) throw refusedAs(deflate.err, deflate.msg);
  return deflate.result;
}

function windowOf(kind: string, bits: number): number {
  if (kind === 'inflateRaw') return -bits;
  if (kind === 'gunzip') return bits + GZIP;
  return kind === 'unzip' ? bits + EITHER : bits;
}

function unpacked(
  kind: string,
  data: Uint8Array,
  { windowBits, hasDictionary, maxOutputLength = Infinity, isPartial }: Options,
  dictionary: Uint8Array,
  limits: NativeLimits,
): Uint8Array {
  const most = Math.min(maxOutputLength, limits.bytesMost);
  const bits = windowOf(kind, windowBits === undefined || windowBits === 0 ? MOST_WINDOW : windowBits);
  const inflate = new Inflate({ windowBits: bits, ...(hasDictionary === true ? { dictionary } : {}) });
  const keep = inflate.onData.bind(inflate);
  let bytes = 0;
  inflate.onData = (chunk) => {
    bytes += chunk.length;
    if (bytes > most) {
      const message = `Cannot create a Buffer larger than ${String(most)} bytes`;
      throw new Refused({ name: 'RangeError', message, code: 'ERR_BUFFER_TOO_LARGE' });
    }
    keep(chunk);
  };
  push(data, limits, (piece, isLast) => inflate.push(piece, isLast) && !inflate.ended);
  if (inflate.err !== 0) throw refusedAs(inflate.err, messageOf(inflate));
  if (inflate.ended) return inflate.result;
  if (isPartial === true) return joinBytes(inflate.chunks);
  throw refusedAs(BUF_ERROR, 'unexpected end of file');
}

/** As zlib words it; pako has short words of its own for some. */
function messageOf({ err, msg }: Inflate): string {
  if (err === BUF_ERROR) return 'unexpected end of file';
  if (err === NEED_DICT) return 'Missing dictionary';
  return msg;
}
