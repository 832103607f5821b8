import { fail, ok, type Result, toHex } from '../../base/index.ts';
import type { ToolPackDoor, ToolPackStatus } from '../../contracts/doors/tool-pack.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import { readToolPacks, type ToolPackRow } from '../../contracts/tool-pack.ts';
import { storageFailure, type TextRecords } from '../../database/index.ts';
import type { LentToolPack } from '../../runners/linux/index.ts';

/** What is used of a file that is being written: nothing of it is seen before it is closed. */
interface Draft {
  write(piece: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** What is used of the browser's folder. */
export interface PackFolder {
  getFileHandle(
    name: string,
    options?: { readonly create?: boolean },
  ): Promise<{ getFile(): Promise<Blob>; createWritable(): Promise<Draft> }>;
  removeEntry(name: string): Promise<void>;
  keys(): AsyncIterable<string>;
}

export interface ToolPackShelfOptions {
  /** The text of the package's list; rejects where the package has none. */
  readonly list: () => Promise<string>;
  readonly folder: () => Promise<PackFolder>;
  readonly records: TextRecords;
  /** Bytes that the browser would still store. */
  readonly freeBytes: () => Promise<number>;
  /** A machine that may read the pack stands: no file goes now. */
  readonly isInUse: () => boolean;
  /** What was made ready ahead of need is not what would be made now. */
  readonly onChange: () => void;
  readonly now: () => number;
}

type Piece = Parameters<ToolPackDoor['addToolPack']>[0];
type Answer = Promise<Result<ToolPackStatus, AppError>>;

interface Incoming {
  readonly row: ToolPackRow;
  readonly fileName: string;
  readonly draft: Draft;
  position: number;
}

/** What a person added last, and the file that it lies in. */
interface Kept {
  readonly row: ToolPackRow;
  readonly fileName: string;
}

const RECORD = 'tool-pack';
const MB = 1_000_000;

/**
 * One pack at most. Its file has a name of its own each time that it is added, and a record names the one that counts: so that one that
 * is read by a machine is never written to, and what no record names can go.
 */
export class ToolPackShelf {
  readonly #options: ToolPackShelfOptions;
  #rows: Promise<readonly ToolPackRow[]> | null = null;
  #kept: Promise<Kept | null> | null = null;
  #incoming: Incoming | null = null;
  /** One question after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ToolPackShelfOptions) {
    this.#options = options;
  }

  /** For a machine that starts now. */
  async current(): Promise<LentToolPack | null> {
    const kept = await this.#known().catch((cause: unknown) => {
      console.warn('the tool pack cannot be read, machines start without it', cause);
      return null;
    });
    if (kept === null) return null;
    return { key: kept.fileName, load: () => this.#file(kept.fileName) };
  }

  status(): Answer {
    return this.#inTurn(() => this.#status());
  }

  add(piece: Piece): Answer {
    return this.#inTurn(async () => {
      const incoming = piece.position === 0 ? await this.#begin(piece) : this.#expected(piece);
      if (!incoming.ok) return incoming;
      const refused = await this.#take(incoming.value, piece);
      if (refused !== null) {
        await this.#drop();
        return fail(refused);
      }
      if (incoming.value.position === incoming.value.row.bytes) await this.#finish(incoming.value);
      return this.#status();
    });
  }

  /** Lets go of what is on its way. */
  drop(): Answer {
    return this.#inTurn(async () => {
      await this.#drop();
      return this.#status();
    });
  }

  remove(): Answer {
    return this.#inTurn(async () => {
      await this.#options.records.write(RECORD, '');
      this.#kept = null;
      this.#options.onChange();
      return this.#status();
    });
  }

  #inTurn(act: () => Answer): Answer {
    const done = this.#turn.then(act).catch(async (cause: unknown) => {
      await this.#drop();
      return fail(storageFailure(cause));
    });
    this.#turn = done;
    return done;
  }

  async #status(): Answer {
    const kept = await this.#known();
    const lingers = await this.#tidy(kept);
    const [row] = await this.#list();
    if (row === undefined) return ok({ offered: null, isAdded: false, lingers });
    const { name, about, bytes, sha256, pieceBytes } = row;
    return ok({ offered: { name, about, bytes, sha256, pieceBytes }, isAdded: kept !== null, lingers });
  }

  #list(): Promise<readonly ToolPackRow[]> {
    return (this.#rows ??= this.#options
      .list()
      .then(readToolPacks, () => [] /* a package without Linux has no list */));
  }

  #known(): Promise<Kept | null> {
    return (this.#kept ??= this.#read().catch((cause: unknown) => {
      this.#kept = null;
      throw cause;
    }));
  }

  /** Null too where the package knows what was added no more, or its file is gone or another: a person adds it again. */
  async #read(): Promise<Kept | null> {
    const fileName = await this.#options.records.read(RECORD);
    if (fileName === null || fileName === '') return null;
    const row = (await this.#list()).find(({ sha256 }) => fileName.startsWith(`${sha256}-`));
    const size = await this.#file(fileName).then(
      (file) => file.size,
      () => null, // gone: the same as one that was cut off
    );
    return row !== undefined && size === row.bytes ? { row, fileName } : null;
  }

  async #file(name: string): Promise<Blob> {
    return (await (await this.#options.folder()).getFileHandle(name)).getFile();
  }

  async #begin({ name, sizeBytes }: Piece): Promise<Result<Incoming, AppError>> {
    await this.#drop();
    const rows = await this.#list();
    const row = rows.find(({ bytes }) => bytes === sizeBytes);
    if (row === undefined) return fail(wrongFile(rows, `${name} has ${sizeBytes} bytes`));
    if ((await this.#options.freeBytes()) < row.bytes)
      return fail(appError('host/no-room', `${row.name} takes ${Math.ceil(row.bytes / MB)} MB`));
    const fileName = `${row.sha256}-${this.#options.now()}`;
    const handle = await (await this.#options.folder()).getFileHandle(fileName, { create: true });
    return ok((this.#incoming = { row, fileName, draft: await handle.createWritable(), position: 0 }));
  }

  #expected({ position, sizeBytes }: Piece): Result<Incoming, AppError> {
    const incoming = this.#incoming;
    const isNext = incoming?.position === position && incoming.row.bytes === sizeBytes;
    return isNext ? ok(incoming) : fail(appError('pack/interrupted'));
  }

  /** Nothing is written that was not compared. */
  async #take(incoming: Incoming, { name, position, bytes }: Piece): Promise<AppError | null> {
    const { row, draft } = incoming;
    const wanted = row.pieces[position / row.pieceBytes];
    if (wanted === undefined || bytes.length !== Math.min(row.pieceBytes, row.bytes - position))
      return appError('pack/interrupted');
    // It came in a message, so what is behind it is never shared.
    const own = bytes as Uint8Array<ArrayBuffer>;
    if (toHex(await crypto.subtle.digest('SHA-256', own)) !== wanted)
      return position === 0
        ? wrongFile([row], `${name} is another file of that size`)
        : appError(
            'pack/damaged',
            `${name} differs from ${row.name} after ${Math.floor(position / MB)} MB; the SHA-256 of the right file is ${row.sha256}`,
          );
    await draft.write(own);
    incoming.position += bytes.length;
    return null;
  }

  async #finish({ draft, fileName }: Incoming): Promise<void> {
    await draft.close();
    this.#incoming = null;
    await this.#options.records.write(RECORD, fileName);
    this.#kept = null;
    this.#options.onChange();
  }

  /** Of what was on its way nothing stays. */
  async #drop(): Promise<void> {
    const incoming = this.#incoming;
    this.#incoming = null;
    if (incoming === null) return;
    // A draft that failed by itself is gone already; a file that stays behind goes with the next look.
    await incoming.draft.abort().catch(() => undefined);
    await (await this.#options.folder()).removeEntry(incoming.fileName).catch(() => undefined);
  }

  /** Removes the files that no machine gets any more, once none can read them; true while there are any. */
  async #tidy(kept: Kept | null): Promise<boolean> {
    const folder = await this.#options.folder();
    const incoming = this.#incoming?.fileName ?? null;
    const old: string[] = [];
    // What is on its way has a second file in Chromium: its name and `.crswap`.
    for await (const name of folder.keys())
      if (name !== kept?.fileName && !(incoming !== null && name.startsWith(incoming))) old.push(name);
    if (old.length === 0 || this.#options.isInUse()) return old.length > 0;
    for (const name of old) await folder.removeEntry(name);
    return false;
  }
}

function wrongFile(rows: readonly ToolPackRow[], found: string): AppError {
  const known = rows.map(({ name, bytes, sha256 }) => `${name} (${bytes} bytes, SHA-256 ${sha256})`).join(' or ');
  return appError('pack/wrong-file', `${found}; this extension takes ${known || 'none'}`);
}
