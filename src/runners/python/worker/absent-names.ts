// As Emscripten's libc has them.
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;

/** After so many new files in one folder, each soon after the last, the next ones are taken for new as well. */
const IN_A_ROW = 4;
/** So long, until one is looked for again. */
const GOOD_MS = 50;
/** Names that the host surely takes; of others its refusal tells when they are opened. */
const PLAIN = /^[A-Za-z0-9][\w-]*(?:\.[\w-]+)*$/u;
const NAME_UTF16 = 64;

/**
 * Tells which files need not be looked for: a program that made one new file after the other makes the next. Only of files that
 * are opened to be made or emptied, whatever is there: one that is there is emptied as it would have been, and a folder is
 * told when the file is written.
 */
export class AbsentNames {
  readonly #now: () => number;
  /** Where the tree is seen by programs; files are opened by whole paths. */
  #mountedAt: string | null = null;
  #opened: string | null = null;
  #folder: string | null = null;
  #missedAtMs = 0;
  #inARow = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  mountAt(path: string): void {
    this.#mountedAt = `${path}/`;
  }

  /** A file is being opened, until `opened`. */
  opening(path: unknown, flags: unknown): void {
    if (typeof path !== 'string' || typeof flags !== 'number' || this.#mountedAt === null) return;
    const isMade = (flags & (O_CREAT | O_TRUNC | O_EXCL)) === (O_CREAT | O_TRUNC);
    if (isMade && path.startsWith(this.#mountedAt)) this.#opened = path.slice(this.#mountedAt.length);
  }

  opened(): void {
    this.#opened = null;
  }

  /** Whether this is the file being opened, one more of a row. */
  has(path: string): boolean {
    if (this.#opened !== path || this.#inARow < IN_A_ROW) return false;
    const [folder, name] = cut(path);
    const isNext = folder === this.#folder && this.#now() - this.#missedAtMs <= GOOD_MS;
    return isNext && name.length <= NAME_UTF16 && PLAIN.test(name);
  }

  /** The host said that it is not there, or that it is: then the row is over. */
  looked(path: string, isMissing: boolean): void {
    if (this.#opened !== path) return;
    const [folder] = cut(path);
    const now = this.#now();
    const isInRow = folder === this.#folder && now - this.#missedAtMs <= 2 * GOOD_MS;
    this.#inARow = isMissing ? (isInRow ? this.#inARow : 0) + 1 : 0;
    this.#folder = folder;
    this.#missedAtMs = now;
  }
}

function cut(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf('/');
  return [path.slice(0, Math.max(0, at)), path.slice(at + 1)];
}
