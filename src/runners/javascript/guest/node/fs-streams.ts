import { requirePackage } from '../packages.ts';
import { timers } from '../timers.ts';
import { bufferType, toBytes } from './buffers.ts';
import { descriptors } from './descriptors.ts';
import { absolutePath } from './file-calls.ts';

/** Bytes of one piece, as Node's files give them. */
const PIECE = 64 * 1024;

type Done = (error?: unknown) => void;

interface FileStream {
  push(piece: unknown): boolean;
  emit(event: string, ...args: unknown[]): boolean;
  destroy(): unknown;
  on(event: string, listener: () => void): unknown;
  bytesRead: number;
  bytesWritten: number;
  readonly destroyed: boolean;
  fd: number | null;
}

/** What is used of readable-stream. */
interface Streams {
  readonly Readable: new (options: object) => FileStream;
  readonly Writable: new (options: object) => FileStream;
}
const streams = (): Streams => requirePackage('node:stream') as Streams;

interface Options {
  readonly encoding?: string;
  readonly flags?: string;
  readonly highWaterMark?: number;
  readonly fd?: number;
  readonly autoClose?: boolean;
  readonly emitClose?: boolean;
  readonly signal?: unknown;
  /** Of reading: the first byte, and the last, which is read too; of writing the first. */
  readonly start?: number;
  readonly end?: number;
}
const optionsOf = (options: Options | string | null | undefined): Options =>
  typeof options === 'string' ? { encoding: options } : (options ?? {});

/** The open file of a stream: opened when the stream begins, so that who made it can listen first. */
function opening(path: string, { fd, autoClose = true }: Options, flags: string) {
  let file = fd ?? null;
  return {
    get file(): number {
      return file ?? -1;
    },
    construct(this: FileStream, done: Done): void {
      try {
        file ??= descriptors.openSync(path, flags);
      } catch (error) {
        done(error);
        return;
      }
      this.fd = file;
      done();
      this.emit('open', file);
      this.emit('ready');
    },
    destroy(this: FileStream, error: unknown, done: Done): void {
      let problem = error;
      try {
        if (file !== null && autoClose) descriptors.closeSync(file);
      } catch (closing) {
        problem ??= closing;
      }
      file = null;
      this.fd = null;
      done(problem);
    },
  };
}

function ready(stream: FileStream, path: string): FileStream {
  return Object.assign(stream, {
    path,
    fd: null,
    bytesRead: 0,
    bytesWritten: 0,
    pending: false,
    close: (callback?: () => void) => {
      if (callback) stream.on('close', callback);
      stream.destroy();
    },
  });
}

/** `fs.createWriteStream`: a Writable over a file of the conversation. */
export function createWriteStream(given: unknown, options?: Options | string): object {
  const chosen = optionsOf(options);
  const { encoding, flags, start, highWaterMark, emitClose, signal } = chosen;
  const path = absolutePath(given);
  const opened = opening(path, chosen, flags ?? (start === undefined ? 'w' : 'r+'));
  let at: number | null = start ?? null;
  const { Writable } = streams();
  const stream: FileStream = new Writable({
    decodeStrings: false,
    ...(encoding === undefined ? {} : { defaultEncoding: encoding }),
    ...(highWaterMark === undefined ? {} : { highWaterMark }),
    ...(emitClose === undefined ? {} : { emitClose }),
    ...(signal === undefined ? {} : { signal }),
    construct: opened.construct,
    destroy: opened.destroy,
    write(this: FileStream, content: unknown, form: string, done: Done) {
      try {
        const bytes = toBytes(content, form === 'buffer' ? undefined : form);
        if (at === null) descriptors.writeSync(opened.file, bytes);
        else descriptors.writeSync(opened.file, bytes, 0, bytes.length, at);
        if (at !== null) at += bytes.length;
        this.bytesWritten += bytes.length;
      } catch (error) {
        done(error);
        return;
      }
      done();
    },
  });
  return ready(stream, path);
}

/** `fs.createReadStream`: a Readable over a file of the conversation. */
export function createReadStream(given: unknown, options?: Options | string): object {
  const chosen = optionsOf(options);
  const { encoding, highWaterMark = PIECE, start = 0, end = Infinity, emitClose, signal } = chosen;
  const path = absolutePath(given);
  const opened = opening(path, chosen, chosen.flags ?? 'r');
  let at = start;
  const { Readable } = streams();
  const stream: FileStream = new Readable({
    highWaterMark,
    ...(encoding === undefined ? {} : { encoding }),
    ...(emitClose === undefined ? {} : { emitClose }),
    ...(signal === undefined ? {} : { signal }),
    construct: opened.construct,
    destroy: opened.destroy,
    read(this: FileStream, size: number) {
      const length = Math.min(size, highWaterMark, end + 1 - at);
      const piece = new Uint8Array(Math.max(0, length));
      let count = 0;
      try {
        count = length > 0 ? descriptors.readSync(opened.file, piece, 0, length, at) : 0;
      } catch (error) {
        (this as unknown as { destroy(error: unknown): void }).destroy(error);
        return;
      }
      at += count;
      this.bytesRead += count;
      // As in Node, a piece arrives in a turn of its own, so that who reads piece by piece gets this one alone.
      timers.setImmediate(() => {
        if (!this.destroyed) this.push(count === 0 ? null : bufferType().from(piece.slice(0, count).buffer));
      });
    },
  });
  return ready(stream, path);
}
