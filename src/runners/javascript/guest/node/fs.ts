import { fromBytes, toBytes } from './buffers.ts';
import { descriptors, OPEN_CONSTANTS, readRest } from './descriptors.ts';
import { fsSync, Stats } from './fs-sync.ts';
import { createReadStream, createWriteStream } from './fs-streams.ts';

type Sync = (...args: never[]) => unknown;

const constants = { F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4, COPYFILE_EXCL: 1, ...OPEN_CONSTANTS };

type Options = Parameters<typeof fsSync.writeFileSync>[2];

const encodingOf = (options: Options | null): string | undefined =>
  (typeof options === 'object' ? options?.encoding : options) ?? undefined;

/** Whole files by path or, where they are open, by number. */
const wholeFiles = {
  readFileSync(given: unknown, options?: Options | null): string | Uint8Array {
    if (typeof given !== 'number' || given === 0) return fsSync.readFileSync(given, options);
    return fromBytes(readRest(given), encodingOf(options));
  },
  writeFileSync(given: unknown, content: unknown, options?: Options): void {
    if (typeof given !== 'number') return fsSync.writeFileSync(given, content, options);
    descriptors.writeSync(given, toBytes(content, encodingOf(options)));
  },
  appendFileSync(given: unknown, content: unknown, options?: Options): void {
    if (typeof given !== 'number') return fsSync.appendFileSync(given, content, options);
    descriptors.writeSync(given, toBytes(content, encodingOf(options)));
  },
};

/** Every `…Sync` as a function of the same name that answers by callback, and one that answers by promise. */
function derived(): { readonly callbacks: Record<string, unknown>; readonly promises: Record<string, unknown> } {
  const callbacks: Record<string, unknown> = {};
  const promises: Record<string, unknown> = {};
  for (const [name, sync] of Object.entries({ ...fsSync, ...wholeFiles, ...descriptors }) as [string, Sync][]) {
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
async function openHandle(given: unknown, flags?: string | number): Promise<object> {
  const fd = descriptors.openSync(given, flags);
  return Promise.resolve({
    fd,
    read: async (buffer: ArrayBufferView, ...rest: unknown[]) =>
      Promise.resolve({ bytesRead: descriptors.readSync(fd, buffer, ...rest), buffer }),
    write: async (buffer: unknown, ...rest: unknown[]) =>
      Promise.resolve({ bytesWritten: descriptors.writeSync(fd, buffer, ...rest), buffer }),
    readFile: async (options?: Options | null) => Promise.resolve(wholeFiles.readFileSync(fd, options)),
    writeFile: async (content: unknown, options?: Options) =>
      Promise.resolve(wholeFiles.writeFileSync(fd, content, options)),
    appendFile: async (content: unknown, options?: Options) =>
      Promise.resolve(wholeFiles.appendFileSync(fd, content, options)),
    stat: async () => Promise.resolve(descriptors.fstatSync(fd)),
    truncate: async (size?: number) => Promise.resolve(descriptors.ftruncateSync(fd, size)),
    sync: async () => Promise.resolve(descriptors.fsyncSync(fd)),
    datasync: async () => Promise.resolve(descriptors.fdatasyncSync(fd)),
    close: async () => Promise.resolve(descriptors.closeSync(fd)),
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
    ...wholeFiles,
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
