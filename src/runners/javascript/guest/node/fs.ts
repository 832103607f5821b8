import { toBytes } from './buffers.ts';
import { absolutePath, callFile, factsOf, fileError, readBytes } from './file-calls.ts';
import { fsSync, Stats } from './fs-sync.ts';
import { createReadStream, createWriteStream } from './fs-streams.ts';

type Sync = (...args: never[]) => unknown;

const constants = { F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4, COPYFILE_EXCL: 1, O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2 };

interface Opened {
  readonly path: string;
  readonly isAppending: boolean;
  position: number;
}
const open = new Map<number, Opened>();
let nextDescriptor = 3;

function opened(descriptor: number, syscall: string): Opened {
  const found = open.get(descriptor);
  if (!found) throw fileError('EBADF', syscall);
  return found;
}

/** Numbered files, for programs that read or write in pieces. */
const descriptors = {
  openSync(given: unknown, flags: string = 'r'): number {
    const path = absolutePath(given);
    const isThere = fsSync.existsSync(path);
    if (flags.startsWith('r')) factsOf(path, 'open');
    else if (flags.includes('x') && isThere) throw fileError('EEXIST', 'open', path);
    else if (flags.startsWith('w') || !isThere) callFile('open', { op: 'truncate', path, size: 0 });
    open.set(nextDescriptor, { path, isAppending: flags.startsWith('a'), position: 0 });
    nextDescriptor += 1;
    return nextDescriptor - 1;
  },
  closeSync(descriptor: number): void {
    callFile('close', { op: 'flush', path: opened(descriptor, 'close').path });
    open.delete(descriptor);
  },
  fstatSync: (descriptor: number): Stats => new Stats(factsOf(opened(descriptor, 'fstat').path, 'fstat')),
  readSync(
    descriptor: number,
    into: Uint8Array,
    offset = 0,
    length = into.length - offset,
    position: number | null = null,
  ): number {
    const file = opened(descriptor, 'read');
    const bytes = readBytes(file.path, 'read', position ?? file.position, length);
    into.set(bytes, offset);
    if (position === null) file.position += bytes.length;
    return bytes.length;
  },
  writeSync(descriptor: number, content: unknown, ...rest: unknown[]): number {
    if (descriptor === 1 || descriptor === 2) return writeStandard(descriptor, content);
    const file = opened(descriptor, 'write');
    let bytes = toBytes(content);
    if (typeof content !== 'string' && typeof rest[0] === 'number') {
      bytes = bytes.subarray(rest[0], typeof rest[1] === 'number' ? rest[0] + rest[1] : undefined);
    }
    const position = file.isAppending ? factsOf(file.path, 'write').sizeBytes : file.position;
    callFile('write', { op: 'write', path: file.path, position }, bytes);
    file.position = position + bytes.length;
    return bytes.length;
  },
};

function writeStandard(stream: 1 | 2, content: unknown): number {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(toBytes(content));
  const { process } = globalThis as unknown as { process: Record<string, { write(text: string): void }> };
  process[stream === 1 ? 'stdout' : 'stderr']?.write(text);
  return text.length;
}

/** Every `…Sync` as a function of the same name that answers by callback, and one that answers by promise. */
function derived(): { readonly callbacks: Record<string, unknown>; readonly promises: Record<string, unknown> } {
  const callbacks: Record<string, unknown> = {};
  const promises: Record<string, unknown> = {};
  for (const [name, sync] of Object.entries({ ...fsSync, ...descriptors }) as [string, Sync][]) {
    const short = name.slice(0, -'Sync'.length);
    const run = (args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        try {
          resolve(Reflect.apply(sync, fsSync, args));
        } catch (error) {
          reject(error);
        }
      });
    promises[short] = (...args: unknown[]) => run(args);
    callbacks[short] = (...args: unknown[]) => {
      const callback = args.pop();
      if (typeof callback !== 'function') {
        throw Object.assign(new TypeError('The "cb" argument must be of type function.'), {
          code: 'ERR_INVALID_ARG_TYPE',
        });
      }
      void run(args).then(
        (value) =>
          setTimeout(() => Reflect.apply(callback, null, short === 'exists' ? [value] : [null, value]) as unknown, 0),
        (error: unknown) => setTimeout(() => Reflect.apply(callback, null, [error]) as unknown, 0),
      );
    };
  }
  return { callbacks, promises };
}

/** Node's FileHandle, with what programs use of it. */
async function openHandle(given: unknown, flags?: string): Promise<object> {
  const descriptor = descriptors.openSync(given, flags);
  const { path } = opened(descriptor, 'open');
  return Promise.resolve({
    fd: descriptor,
    readFile: (options?: string) => Promise.resolve(fsSync.readFileSync(path, options)),
    writeFile: (content: unknown) => Promise.resolve(fsSync.writeFileSync(path, content)),
    appendFile: (content: unknown) => Promise.resolve(fsSync.appendFileSync(path, content)),
    write: (content: unknown) =>
      Promise.resolve({ bytesWritten: descriptors.writeSync(descriptor, content), buffer: content }),
    stat: () => Promise.resolve(descriptors.fstatSync(descriptor)),
    close: () => Promise.resolve(descriptors.closeSync(descriptor)),
  });
}

function refuse(name: string): () => never {
  return () => {
    throw Object.assign(new Error(`fs.${name} is not available here: files of a conversation have no such thing.`), {
      code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    });
  };
}

/** `node:fs` and `node:fs/promises` over the files of the conversation. */
export function createFs(): { readonly fs: object; readonly promises: object } {
  const { callbacks, promises: made } = derived();
  const promises = { ...made, open: openHandle, constants };
  const refused = Object.fromEntries(
    ['watch', 'watchFile', 'symlink', 'symlinkSync', 'link', 'linkSync', 'readlinkSync'].map((name) => [
      name,
      refuse(name),
    ]),
  );
  const fs = {
    ...callbacks,
    ...fsSync,
    ...descriptors,
    ...refused,
    createReadStream,
    createWriteStream,
    constants,
    ...constants,
    promises,
    Stats,
  };
  return { fs, promises };
}
