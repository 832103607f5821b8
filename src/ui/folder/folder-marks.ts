import type { CopiedFile, CopiedFolder, CopiedFolders } from '../../contracts/copied-folders.ts';

/** So many files are noted at once: the end of a tab loses no more of them. */
const AT_ONCE = 250;

/** Notes which files of a folder are the same on both sides now, while others are still on their way. */
export class FolderMarks {
  readonly #folders: Pick<CopiedFolders, 'add'>;
  readonly #to: Pick<CopiedFolder, 'sessionId' | 'target' | 'atMs'>;
  readonly #waiting: CopiedFile[] = [];
  #last: Promise<void> = Promise.resolve();
  #isKept = true;

  constructor(folders: Pick<CopiedFolders, 'add'>, to: Pick<CopiedFolder, 'sessionId' | 'target' | 'atMs'>) {
    this.#folders = folders;
    this.#to = to;
  }

  note(file: CopiedFile): void {
    this.#waiting.push(file);
    if (this.#waiting.length >= AT_ONCE) this.#store();
  }

  /** After the last note: whether all of them are kept. Never rejects. */
  async end(): Promise<boolean> {
    this.#store();
    await this.#last;
    return this.#isKept;
  }

  #store(): void {
    const files = this.#waiting.splice(0);
    if (files.length === 0) return;
    this.#last = this.#last.then(async () => {
      try {
        if (!(await this.#folders.add(this.#to, files))) this.#isKept = false;
      } catch {
        // What was done stays done; that it is not remembered is said at its end.
        this.#isKept = false;
      }
    });
  }
}
