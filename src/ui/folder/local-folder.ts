import { fail, ok, type Result } from '../../base/index.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';

/** A file of the person's device, in the shape of the browser's own handles. */
export interface LocalFile {
  readonly kind: 'file';
  readonly name: string;
  /** As it is now; rejects with a DOMException where it went away or may not be read. */
  getFile(): Promise<File>;
}

/** A folder of the person's device, in the shape of the browser's own handles. */
export interface LocalDirectory {
  readonly kind: 'directory';
  readonly name: string;
  values(): AsyncIterable<LocalFile | LocalDirectory>;
}

/** A file as it was when its folder was listed. */
export interface FoundFile {
  /** Below the folder, `/`-separated. */
  readonly path: string;
  readonly file: File;
}

/**
 * What is not copied: its name cannot be one here, it is too large, it could not be read, the conversation refused it, or it was
 * cut short, which may have taken away what the conversation had in its place.
 */
export interface LeftOut {
  /** Of a file or folder below the folder; '' for the folder itself. */
  readonly path: string;
  readonly why: 'name' | 'too-large' | 'unread' | 'refused' | 'cut';
}

export interface Listing {
  readonly files: readonly FoundFile[];
  /** Paths of folders that were passed over because of their names. */
  readonly skipped: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

export interface ListOptions {
  /** Also the folders of `SKIPPED_NAMES`. */
  readonly takesAll: boolean;
  readonly onFound: (count: number) => void;
  readonly signal: AbortSignal;
}

/** Folders that a program of the folder made for itself: large, and seldom what a person wants here. */
export const SKIPPED_NAMES: readonly string[] = ['.git', 'node_modules'];

class TooMany extends Error {}

/**
 * Every file below a folder with its size and time; reads no bytes. Null once the signal aborts. `files/no-space` for more files than
 * a conversation takes: the rest of them is not looked for. What cannot be read is named and the rest is listed all the same.
 */
export async function listFolder(
  folder: LocalDirectory,
  options: ListOptions,
): Promise<Result<Listing | null, AppError>> {
  const lister = new Lister(options);
  try {
    await lister.list(folder, '');
  } catch (error) {
    if (error instanceof TooMany) return fail(appError('files/no-space', 'count'));
    if (!options.signal.aborted) throw error;
  }
  return ok(options.signal.aborted ? null : lister);
}

class Lister implements Listing {
  readonly files: FoundFile[] = [];
  readonly skipped: string[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly #options: ListOptions;
  #found = 0;

  constructor(options: ListOptions) {
    this.#options = options;
  }

  async list(folder: LocalDirectory, path: string): Promise<void> {
    const { signal, takesAll, onFound } = this.#options;
    const folders: LocalDirectory[] = [];
    // All of a folder at once: twice as fast as one by one.
    const asked: Promise<void>[] = [];
    const whole = await this.#readable(path, async () => {
      for await (const entry of folder.values()) {
        signal.throwIfAborted();
        if (entry.kind === 'directory') folders.push(entry);
        else asked.push(this.#add(entry, below(path, entry.name)));
        if (this.#found > LIMITS.fileCount.standard) throw new TooMany();
      }
    });
    await Promise.all(asked);
    onFound(this.files.length);
    if (!whole) return;
    for (const inner of folders) {
      signal.throwIfAborted();
      const at = below(path, inner.name);
      // Nothing in it can have a name here.
      if (at.length >= LIMITS.filePathUtf16.standard) this.leftOut.push({ path: at, why: 'name' });
      else if (!takesAll && SKIPPED_NAMES.includes(inner.name)) this.skipped.push(at);
      else await this.list(inner, at);
    }
  }

  async #add(entry: LocalFile, path: string): Promise<void> {
    this.#found += 1;
    await this.#readable(path, async () => void this.files.push({ path, file: await entry.getFile() }));
  }

  async #readable(path: string, read: () => Promise<void>): Promise<boolean> {
    try {
      await read();
      return true;
    } catch (error) {
      if (!(error instanceof DOMException) || this.#options.signal.aborted) throw error;
      this.leftOut.push({ path, why: 'unread' });
      return false;
    }
  }
}

const below = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`);
