import { joinBytes } from '../../../../base/index.ts';
import { type HeldStream, showStream } from '../node/late-stream.ts';
import { askNative, type Bytes, invalidType, later, type LateKit } from './kit.ts';

/** Bytes that one draw of the engine may have. */
const DRAW_MOST = 65_536;
const UINT32 = 2 ** 32;

function draw({ webCrypto }: LateKit, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += DRAW_MOST) webCrypto.getRandomValues(bytes.subarray(at, at + DRAW_MOST) as never);
  return bytes;
}

/** Every number below `most` as likely as the others. */
function below(kit: LateKit, most: number): number {
  const high = Math.ceil(most / UINT32);
  for (;;) {
    const words = new Uint32Array(draw(kit, 8).buffer);
    const top = high > 1 ? (words[1] ?? 0) & 0xffff : 0;
    const limit = high > 1 ? 2 ** 48 : UINT32;
    const value = top * UINT32 + (words[0] ?? 0);
    if (value < limit - (limit % most)) return value % most;
  }
}

const KEYS = 'there are no keys and ciphers here but those of crypto.subtle';
/** Functions that need what is not here. */
const ABSENT = `createCipheriv createDecipheriv createSign createVerify sign verify createDiffieHellman createECDH
  createPublicKey createPrivateKey generateKeyPair generateKeyPairSync publicEncrypt privateDecrypt privateEncrypt
  publicDecrypt generateKey generateKeySync diffieHellman generatePrime generatePrimeSync checkPrime`.split(/\s+/);

interface StreamModule {
  readonly Transform: new (options: {
    transform(data: unknown, encoding: string, done: () => void): void;
    flush(this: HeldStream, done: () => void): void;
  }) => HeldStream;
}
/** `node:crypto`. */
export function createModule(kit: LateKit): object {
  const { toBytes, toBuffer, builtin, webCrypto } = kit;
  const ask = (
    request: { readonly op: string; readonly [name: string]: unknown },
    first?: Uint8Array,
    second?: Uint8Array,
  ) => askNative(kit, { of: 'crypto', ...request }, first, second);
  const bytesOf = (
    request: { readonly op: string; readonly [name: string]: unknown },
    first: Uint8Array,
    second?: Uint8Array,
  ): Bytes => toBuffer(ask(request, first, second) as Uint8Array);
  const inForm = (bytes: Bytes, form: unknown): Bytes | string =>
    form === undefined || form === 'buffer' ? bytes : bytes.toString(String(form));
  const finalized = (): Error =>
    Object.assign(new Error('Digest already called'), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
  const keyOf = (key: unknown): Uint8Array => (key instanceof KeyObject ? key.bytes : toBytes(key));

  class KeyObject {
    readonly type = 'secret';
    readonly bytes!: Uint8Array;
    constructor(bytes: Uint8Array) {
      Object.defineProperty(this, 'bytes', { value: bytes });
    }
    get symmetricKeySize(): number {
      return this.bytes.length;
    }
    export(): Bytes {
      return toBuffer(this.bytes);
    }
  }

  /** Keeps what it was given until its digest is asked for. Its side as a stream is made when that is wanted: few are. */
  class Digest {
    #pieces: Uint8Array[] = [];
    #isOver = false;
    update(data: unknown, encoding?: string): this {
      if (this.#isOver) throw finalized();
      const bytes = toBytes(data, encoding);
      // A caller may use its buffer again.
      this.#pieces.push(typeof data === 'string' ? bytes : bytes.slice());
      return this;
    }
    digest(form?: string): Bytes | string {
      if (this.#isOver) throw finalized();
      this.#isOver = true;
      return inForm(this.made(joinBytes(this.#pieces)), form);
    }
    protected made(data: Uint8Array): Bytes {
      throw new Error(`a digest says how it is made of ${data.length} bytes`);
    }
    protected take(from: Digest): this {
      if (from.#isOver) throw finalized();
      this.#pieces = [...from.#pieces];
      return this;
    }
    #stream: HeldStream | null = null;
    static streamOf(digest: Digest): HeldStream {
      digest.#stream ??= new (builtin('stream') as StreamModule).Transform({
        transform(data, encoding, done) {
          digest.update(data, encoding);
          done();
        },
        flush(done) {
          this.push(digest.digest());
          done();
        },
      });
      return digest.#stream;
    }
  }
  showStream(Digest.prototype, Digest.streamOf);
  interface HashOptions {
    readonly outputLength?: number;
  }
  class Hash extends Digest {
    readonly #name: string;
    readonly #options: HashOptions;
    constructor(name: string, options: HashOptions = {}) {
      super();
      this.#name = name;
      this.#options = options;
    }
    protected override made(data: Uint8Array): Bytes {
      return bytesOf({ op: 'digest', hash: this.#name, length: this.#options.outputLength }, data);
    }
    copy(options?: HashOptions): Hash {
      return new Hash(this.#name, options ?? this.#options).take(this);
    }
  }
  class Hmac extends Digest {
    readonly #name: string;
    readonly #key: Uint8Array;
    constructor(name: string, key: Uint8Array) {
      super();
      this.#name = name;
      this.#key = key;
    }
    protected override made(data: Uint8Array): Bytes {
      return bytesOf({ op: 'hmac', hash: this.#name }, this.#key, data);
    }
  }

  const checkedHash = (name: unknown): string => {
    if (typeof name !== 'string') throw invalidType('algorithm', 'of type string', name);
    if (ask({ op: 'isHash', hash: name }) !== true) {
      throw Object.assign(new Error('Digest method not supported'), { code: 'ERR_CRYPTO_INVALID_DIGEST' });
    }
    return name;
  };
  const invalidDigest = (name: unknown): TypeError =>
    Object.assign(new TypeError(`Invalid digest: ${String(name)}`), { code: 'ERR_CRYPTO_INVALID_DIGEST' });
  const inRange = (name: string, value: unknown, least: number): number => {
    if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
    if (Number.isInteger(value) && value >= least && value < 2 ** 31) return value;
    const error = new RangeError(
      `The value of "${name}" is out of range. It must be >= ${least} && <= 2147483647. Received ${value}`,
    );
    throw Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
  };

  const randomBytes = (size: unknown, callback?: unknown): Bytes | undefined => {
    const bytes = toBuffer(draw(kit, inRange('size', size, 0)));
    if (typeof callback !== 'function') return bytes;
    setTimeout(() => (callback as (error: null, bytes: Bytes) => void)(null, bytes), 0);
    return undefined;
  };
  const randomFillSync = <T extends ArrayBufferView>(into: T, offset = 0, size?: number): T => {
    const whole = new Uint8Array(into.buffer as ArrayBuffer, into.byteOffset, into.byteLength);
    whole.set(draw(kit, size ?? whole.length - offset), offset);
    return into;
  };
  const randomInt = (...args: unknown[]): number | undefined => {
    const callback = typeof args.at(-1) === 'function' ? (args.pop() as (error: null, value: number) => void) : null;
    const [low, high] = args.length > 1 ? (args as [number, number]) : [0, args[0] as number];
    if (!Number.isSafeInteger(low)) throw invalidType('min', 'a safe integer', low);
    if (!Number.isSafeInteger(high)) throw invalidType('max', 'a safe integer', high);
    if (!(high > low) || high - low > 2 ** 48 - 1) {
      const error = new RangeError(
        `The value of "max" is out of range. It must be greater than the value of "min" (${low}). Received ${high}`,
      );
      throw Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
    }
    const value = low + below(kit, high - low);
    if (!callback) return value;
    setTimeout(() => callback(null, value), 0);
    return undefined;
  };
  const timingSafeEqual = (left: unknown, right: unknown): boolean => {
    const [a, b] = [left, right].map((one, at) => {
      if (ArrayBuffer.isView(one) || one instanceof ArrayBuffer) return toBytes(one);
      throw invalidType(`buf${at + 1}`, 'an instance of ArrayBuffer, Buffer, TypedArray, or DataView', one);
    }) as [Uint8Array, Uint8Array];
    if (a.length !== b.length) {
      const error = new RangeError('Input buffers must have the same byte length');
      throw Object.assign(error, { code: 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH' });
    }
    let difference = 0;
    for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
    return difference === 0;
  };
  const pbkdf2Sync = (
    password: unknown,
    salt: unknown,
    iterations: unknown,
    keylen: unknown,
    digest: unknown,
  ): Bytes => {
    if (typeof digest !== 'string') throw invalidType('digest', 'of type string', digest);
    const count = inRange('iterations', iterations, 1);
    const length = inRange('keylen', keylen, 0);
    if (ask({ op: 'isHash', hash: digest }) !== true) throw invalidDigest(digest);
    if (length === 0) return toBuffer(new Uint8Array(0));
    return bytesOf({ op: 'pbkdf2', hash: digest, iterations: count, length }, toBytes(password), toBytes(salt));
  };
  interface ScryptOptions {
    readonly [name: string]: number | undefined;
  }
  const scryptSync = (password: unknown, salt: unknown, keylen: unknown, options: ScryptOptions = {}): Bytes => {
    const N = options['N'] ?? options['cost'] ?? 16_384;
    const r = options['r'] ?? options['blockSize'] ?? 8;
    const p = options['p'] ?? options['parallelization'] ?? 1;
    const maxmem = options['maxmem'] ?? 32 * 1024 * 1024;
    const isPower = N > 1 && Number.isInteger(Math.log2(N));
    if (!isPower || 128 * N * r > maxmem) {
      const why = isPower ? 'Invalid scrypt params: memory limit exceeded' : 'Invalid scrypt params';
      throw Object.assign(new RangeError(why), { code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS' });
    }
    return bytesOf(
      { op: 'scrypt', N, r, p, maxmem, length: inRange('keylen', keylen, 0) },
      toBytes(password),
      toBytes(salt),
    );
  };
  const hkdfSync = (digest: string, key: unknown, salt: unknown, info: unknown, keylen: unknown): ArrayBuffer => {
    if (ask({ op: 'isHash', hash: digest }) !== true) throw invalidDigest(digest);
    const request = { op: 'hkdf', hash: digest, info: [...toBytes(info)], length: inRange('keylen', keylen, 0) };
    return new Uint8Array(bytesOf(request, keyOf(key), toBytes(salt))).buffer;
  };
  const absent = (name: string) => (): never => {
    throw Object.assign(new Error(`crypto.${name} is not here: ${KEYS}.`), {
      code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    });
  };
  return {
    webcrypto: webCrypto,
    subtle: webCrypto.subtle,
    getRandomValues: <T extends Uint8Array>(into: T) => webCrypto.getRandomValues(into as never) as unknown as T,
    randomUUID: () => webCrypto.randomUUID(),
    randomBytes,
    pseudoRandomBytes: randomBytes,
    randomInt,
    randomFillSync,
    randomFill: later(randomFillSync),
    timingSafeEqual,
    createHash: (name: unknown, options?: HashOptions) => new Hash(checkedHash(name), options),
    createHmac: (name: unknown, key: unknown) => {
      if (typeof name !== 'string') throw invalidType('hmac', 'of type string', name);
      if (ask({ op: 'isHash', hash: name }) !== true) throw invalidDigest(name);
      if (key === undefined || key === null) throw invalidType('key', 'of type string or an instance of Buffer', key);
      return new Hmac(name, keyOf(key));
    },
    hash: (name: unknown, data: unknown, form: string = 'hex') =>
      inForm(bytesOf({ op: 'digest', hash: checkedHash(name) }, toBytes(data)), form),
    getHashes: () => ask({ op: 'hashes' }),
    getCiphers: () => [],
    getCurves: () => [],
    pbkdf2Sync,
    pbkdf2: later(pbkdf2Sync),
    scryptSync,
    scrypt: later(scryptSync),
    hkdfSync,
    hkdf: later(hkdfSync),
    createSecretKey: (key: unknown, encoding?: string) => new KeyObject(toBytes(key, encoding)),
    KeyObject,
    Hash,
    Hmac,
    constants: {},
    ...Object.fromEntries(ABSENT.map((name) => [name, absent(name)])),
  };
}
