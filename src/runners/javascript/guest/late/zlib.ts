import { joinBytes } from '../../../../base/index.ts';
import { askNative, type Bytes, later, type LateKit } from './kit.ts';

interface Options {
  readonly level?: number;
  readonly windowBits?: number;
  readonly memLevel?: number;
  readonly strategy?: number;
  readonly dictionary?: unknown;
  readonly maxOutputLength?: number;
  readonly finishFlush?: number;
}

const FORMS = ['gzip', 'gunzip', 'deflate', 'inflate', 'deflateRaw', 'inflateRaw', 'unzip'] as const;

/** As zlib.h has them. */
const CONSTANTS = {
  Z_NO_FLUSH: 0,
  Z_PARTIAL_FLUSH: 1,
  Z_SYNC_FLUSH: 2,
  Z_FULL_FLUSH: 3,
  Z_FINISH: 4,
  Z_BLOCK: 5,
  Z_OK: 0,
  Z_STREAM_END: 1,
  Z_NEED_DICT: 2,
  Z_ERRNO: -1,
  Z_STREAM_ERROR: -2,
  Z_DATA_ERROR: -3,
  Z_MEM_ERROR: -4,
  Z_BUF_ERROR: -5,
  Z_VERSION_ERROR: -6,
  Z_NO_COMPRESSION: 0,
  Z_BEST_SPEED: 1,
  Z_BEST_COMPRESSION: 9,
  Z_DEFAULT_COMPRESSION: -1,
  Z_FILTERED: 1,
  Z_HUFFMAN_ONLY: 2,
  Z_RLE: 3,
  Z_FIXED: 4,
  Z_DEFAULT_STRATEGY: 0,
  Z_MIN_WINDOWBITS: 8,
  Z_MAX_WINDOWBITS: 15,
  Z_DEFAULT_WINDOWBITS: 15,
  Z_MIN_MEMLEVEL: 1,
  Z_MAX_MEMLEVEL: 9,
  Z_DEFAULT_MEMLEVEL: 8,
  Z_MIN_LEVEL: -1,
  Z_MAX_LEVEL: 9,
  Z_DEFAULT_LEVEL: -1,
  Z_DEFAULT_CHUNK: 16_384,
} as const;

const ABSENT = ['brotliCompress', 'brotliDecompress', 'zstdCompress', 'zstdDecompress'];
const nameOfStream = (form: string): string => form.slice(0, 1).toUpperCase() + form.slice(1);

interface Transform {
  push(bytes: unknown): void;
}

/** `node:zlib`: zlib's own forms; each at once, with a callback, and as a stream that hands on its data when it has all. */
export function createModule(kit: LateKit): object {
  const { toBytes, toBuffer, builtin } = kit;
  const { Transform } = builtin('stream') as { Transform: new (options: object) => Transform };
  const made = (form: string, data: Uint8Array, { dictionary, ...options }: Options = {}): Bytes => {
    const hasDictionary = dictionary !== undefined;
    const isPartial = options.finishFlush === CONSTANTS.Z_SYNC_FLUSH;
    const request = { of: 'zlib' as const, op: form, options: { ...options, hasDictionary, isPartial } };
    return toBuffer(askNative(kit, request, data, hasDictionary ? toBytes(dictionary) : undefined) as Uint8Array);
  };
  const sync =
    (form: string) =>
    (data: unknown, options?: Options): Bytes =>
      made(form, toBytes(data), options);
  const streamOf = (form: string, options: Options = {}): Transform => {
    const pieces: Uint8Array[] = [];
    return new Transform({
      transform(piece: unknown, encoding: string, done: () => void) {
        pieces.push(toBytes(piece, encoding).slice());
        done();
      },
      flush(this: Transform, done: (error?: unknown) => void) {
        try {
          this.push(made(form, joinBytes(pieces), options));
        } catch (error) {
          done(error);
          return;
        }
        done();
      },
    });
  };
  const refuse = (name: string) => (): never => {
    const why = 'only gzip and deflate are here, in JavaScript';
    throw Object.assign(new Error(`zlib.${name} is not here: ${why}.`), {
      code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    });
  };
  const module: Record<string, unknown> = {
    constants: CONSTANTS,
    ...CONSTANTS,
    codes: Object.fromEntries(
      ['OK', 'STREAM_END', 'NEED_DICT', 'ERRNO', 'STREAM_ERROR', 'DATA_ERROR', 'MEM_ERROR', 'BUF_ERROR']
        .map((name) => `Z_${name}` as keyof typeof CONSTANTS)
        .flatMap((name) => [[name, CONSTANTS[name]] as const, [String(CONSTANTS[name]), name] as const]),
    ),
    crc32: (data: unknown, from = 0) => askNative(kit, { of: 'zlib', op: 'crc32', from }, toBytes(data)),
  };
  for (const form of FORMS) {
    module[`${form}Sync`] = sync(form);
    module[form] = later(sync(form));
    module[`create${nameOfStream(form)}`] = (options?: Options) => streamOf(form, options);
  }
  for (const name of ABSENT) {
    module[name] = module[`${name}Sync`] = refuse(name);
    module[`create${nameOfStream(name)}`] = refuse(`create${nameOfStream(name)}`);
  }
  return module;
}
