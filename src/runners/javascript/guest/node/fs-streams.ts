import { requirePackage } from '../packages.ts';
import { fromBytes, toBytes } from './buffers.ts';
import { descriptors } from './descriptors.ts';
import { absolutePath } from './file-calls.ts';

/** Bytes of one `data` event, as Node's files give them. */
const PIECE = 64 * 1024;

interface Emitter {
  emit(event: string, ...args: unknown[]): boolean;
  on(event: string, listener: (...args: unknown[]) => void): this;
  once(event: string, listener: (...args: unknown[]) => void): this;
}

function newEmitter(): Emitter {
  const events = requirePackage('node:events') as { EventEmitter: new () => Emitter };
  return new events.EventEmitter();
}

interface Options {
  readonly encoding?: string;
  readonly flags?: string;
  readonly highWaterMark?: number;
  /** Of reading: the first byte, and the last, which is read too. */
  readonly start?: number;
  readonly end?: number;
}
const optionsOf = (options: Options | string | undefined): Options =>
  typeof options === 'string' ? { encoding: options } : (options ?? {});

/** A file that is written as it comes; `finish` follows `end`. */
export function createWriteStream(given: unknown, options?: Options | string): object {
  const { encoding, flags } = optionsOf(options);
  const path = absolutePath(given);
  const file = descriptors.openSync(path, flags ?? 'w');
  let isEnded = false;
  const stream = Object.assign(newEmitter(), {
    path,
    writable: true,
    write(content: unknown, ...rest: unknown[]): boolean {
      if (isEnded) throw Object.assign(new Error('write after end'), { code: 'ERR_STREAM_WRITE_AFTER_END' });
      descriptors.writeSync(file, toBytes(content, typeof rest[0] === 'string' ? rest[0] : encoding));
      const callback = rest.at(-1);
      if (typeof callback === 'function') queueMicrotask(() => Reflect.apply(callback, null, []) as unknown);
      return true;
    },
    end(...args: unknown[]): object {
      const callback = args.at(-1);
      const [content] = args;
      if (content !== undefined && typeof content !== 'function') stream.write(content);
      if (!isEnded) descriptors.closeSync(file);
      isEnded = true;
      if (typeof callback === 'function') stream.once('finish', callback as () => void);
      setTimeout(() => {
        stream.emit('finish');
        stream.emit('close');
      }, 0);
      return stream;
    },
  });
  return stream;
}

/** A file that comes in pieces, by events or by `for await`. */
export function createReadStream(given: unknown, options?: Options | string): object {
  const { encoding, highWaterMark = PIECE, start = 0, end = Number.MAX_SAFE_INTEGER } = optionsOf(options);
  const path = absolutePath(given);
  let isFlowing = false;
  let chosen = encoding;
  function* pieces(): Generator<unknown> {
    const file = descriptors.openSync(path);
    try {
      const left = Math.max(0, Math.min(end + 1, descriptors.fstatSync(file).size) - start);
      // Text is cut between characters by being decoded whole.
      const piece = new Uint8Array(chosen === undefined ? highWaterMark : left);
      for (let at = 0; at < left; ) {
        const count = descriptors.readSync(file, piece, 0, Math.min(piece.length, left - at), start + at);
        if (count === 0) break;
        at += count;
        yield fromBytes(piece.slice(0, count), chosen);
      }
    } finally {
      descriptors.closeSync(file);
    }
  }
  const flow = (): void => {
    if (isFlowing) return;
    isFlowing = true;
    setTimeout(() => {
      try {
        for (const piece of pieces()) stream.emit('data', piece);
        stream.emit('end');
        stream.emit('close');
      } catch (error) {
        stream.emit('error', error);
      }
    }, 0);
  };
  const emitter = newEmitter();
  const on = emitter.on.bind(emitter);
  const stream = Object.assign(emitter, {
    path,
    readable: true,
    on(event: string, listener: (...args: unknown[]) => void): object {
      on(event, listener);
      if (event === 'data') flow();
      return stream;
    },
    setEncoding(name: string): object {
      chosen = name;
      return stream;
    },
    pipe<T extends { write(content: unknown): unknown; end(): unknown }>(to: T): T {
      stream.on('data', (piece) => void to.write(piece));
      emitter.once('end', () => void to.end());
      return to;
    },
    resume: flow,
    close: () => undefined,
    destroy: () => undefined,
    async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
      for (const piece of pieces()) yield await Promise.resolve(piece);
    },
  });
  return stream;
}
