import type { AppErrorCode } from '../../contracts/errors.ts';
import { type FileAnswer, type FileErrno, isKeptByRunner, type SessionFiles } from '../../contracts/files.ts';
import type { FileChange } from '../../contracts/runner-protocol.ts';

/** What the tree did not take, though the program believes that it did. */
export interface Refused {
  readonly code: AppErrorCode;
  /** Absolute, as the program sees it. */
  readonly path: string;
  /** How many more paths were refused. */
  readonly others: number;
  /** False where only what the runner keeps is missing: the program itself lost nothing. */
  readonly isOfProgram: boolean;
}

const CODES: Partial<Record<FileErrno, AppErrorCode>> = {
  ENOSPC: 'files/no-space',
  EFBIG: 'files/too-large',
  EINVAL: 'files/bad-path',
  EPERM: 'files/bad-path',
};

/**
 * Changes that a worker sends out, performed in order. The program has gone on by then, so a refusal cannot become its
 * `OSError`: it is kept here, by path, until somebody says it.
 */
export class TreeChanges {
  readonly #files: SessionFiles;
  readonly #refused = new Map<string, FileErrno>();
  #performed: Promise<unknown> = Promise.resolve();

  constructor(files: SessionFiles) {
    this.#files = files;
  }

  /** Performs a change after those before it; never rejects. */
  add(change: FileChange): void {
    this.#performed = this.#performed.then(async () => {
      const answer = await this.#files.perform(change).catch((): FileAnswer => ({ ok: false, errno: 'EIO' })); // said as a refusal
      this.#note(change, answer);
    });
  }

  /** Does something after the changes so far and before those that follow; what fails in it is tried again at its next time. */
  follow(act: () => Promise<void>): void {
    this.#performed = this.#performed.then(act).catch(() => undefined);
  }

  /** Settles when every change so far is in the tree or refused. */
  async settled(): Promise<void> {
    await this.#performed;
  }

  forget(): void {
    this.#refused.clear();
  }

  isRefused(absolute: string): boolean {
    return [...this.#refused.keys()].some((path) => this.#absolute(path) === absolute);
  }

  /** The first refusal that still stands: a path that was written anew or removed is none. */
  get refused(): Refused | null {
    const all = [...this.#refused];
    const ofProgram = all.find(([path]) => !isKeptByRunner(path));
    const first = ofProgram ?? all[0];
    if (!first) return null;
    const [path, errno] = first;
    return {
      code: CODES[errno] ?? 'files/unavailable',
      path: this.#absolute(path),
      others: all.length - 1,
      isOfProgram: ofProgram !== undefined,
    };
  }

  #absolute(path: string): string {
    return `${this.#files.mountPath}/${path}`;
  }

  #note(change: FileChange, answer: FileAnswer): void {
    const before = this.#refused.get(change.path);
    // What is missing before a later piece of a file stays missing.
    if (before !== undefined && change.op === 'write' && change.position > 0) return;
    // Of a file that was refused and then renamed, the new name is the one that the person looks for.
    const path = change.op === 'rename' ? change.to : change.path;
    const errno = answer.ok || isAsWanted(change, answer.errno) ? null : answer.errno;
    // What is missing in a file is missing under its new name too.
    const stands = change.op === 'rename' ? (before ?? errno) : errno && (before ?? errno);
    this.#refused.delete(change.path);
    if (stands === null) this.#refused.delete(path);
    else this.#refused.set(path, stands);
  }
}

/** The folder was there, or the file was gone already or had never been taken. */
const isAsWanted = ({ op }: FileChange, errno: FileErrno): boolean =>
  (op === 'mkdir' && errno === 'EEXIST') || (op === 'remove' && errno === 'ENOENT');
