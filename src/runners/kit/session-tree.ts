import type { BoxWorker } from '../../contracts/box.ts';
import { type FileAnswer, type FileOperation, isKeptByRunner, type SessionFiles } from '../../contracts/files.ts';
import { IMAGES_PATH, INPUT_PATH } from '../../contracts/mailbox.ts';
import type { ImageSource } from './engine-source.ts';
import type { FileChange, WorkerEvent } from '../../contracts/runner-protocol.ts';
import { forgetOldRuns, keptFolderOf } from './kept-runs.ts';
import { isOfNetwork, RunNetwork } from './run-network.ts';
import { type Refused, TreeChanges } from './tree-changes.ts';
import { type TreeCopy, TreeSnapshot } from './tree-snapshot.ts';

const READ_BYTES = 4 * 1024 * 1024;
const ENCODER = new TextEncoder();

/** The session's files as an engine reaches them by itself, over a port of its own (decision 0067). */
export interface ServedFiles {
  /** The worker's end. */
  readonly port: MessagePort;
  /** Settles when all that programs wrote has been tried in the tree; gives the artifacts of what was written since the last call. */
  settled(): Promise<readonly ServedFile[]>;
  /** Settles when all that programs wrote has been tried in the tree, and is on the disk as far as that takes it. */
  flushed(): Promise<void>;
  close(): void;
}

export type ServedFile = Extract<WorkerEvent, { kind: 'artifact' | 'notice' }>;

/** The session's tree towards its worker: live by the mailbox or by a port, or copied in and written out. */
export class SessionTree {
  readonly #files: SessionFiles;
  readonly #isLive: boolean;
  readonly #served: ServedFiles | null;
  readonly #images: ImageSource;
  readonly #changes: TreeChanges;
  readonly #snapshot: TreeSnapshot;
  #giveInput: ((answer: FileAnswer) => void) | null = null;
  #isReleased = false;
  /** The run that works now keeps something of its own beside the person's files. */
  #hasKept = false;
  /** The folder in which it does. */
  #keptFolder: string | null = null;
  /** Of the run that works now. */
  #network = new RunNetwork(undefined);
  /** Answers that came before the worker asked. */
  #waitingAnswer: FileAnswer | null = null;

  constructor(worker: BoxWorker, files: SessionFiles, images: ImageSource, served: ServedFiles | null = null) {
    this.#files = files;
    this.#images = images;
    this.#changes = new TreeChanges(files);
    this.#snapshot = new TreeSnapshot(files);
    this.#served = served;
    this.#isLive = worker.hasSharedMemory || served !== null;
    worker.serveFiles((operation) => this.#perform(operation));
  }

  /** The tree for a worker without live files; null where it has them. */
  async snapshot(signal: AbortSignal): Promise<TreeCopy | null> {
    if (this.#isLive) return null;
    await this.#changes.settled();
    return this.#snapshot.take(signal);
  }

  /** What was copied last was not sent. */
  dropSnapshot(): void {
    this.#snapshot.forgetAll();
  }

  /** Performs a change in order; never rejects. */
  write(change: FileChange): void {
    if (isKeptByRunner(change.path)) {
      this.#hasKept = true;
      this.#keptFolder = keptFolderOf(change.path) ?? this.#keptFolder;
    }
    this.#snapshot.forget(change.path);
    if (change.op === 'rename') this.#snapshot.forget(change.to);
    this.#changes.add(change);
  }

  /** What was refused since the run began, once every change has been tried. */
  async settled(): Promise<Refused | null> {
    await this.#changes.settled();
    return this.#changes.refused;
  }

  /** What was written by the engine's own port since the last call. */
  async served(): Promise<readonly ServedFile[]> {
    return (await this.#served?.settled()) ?? [];
  }

  /** True for the absolute path of a file that the tree did not take. */
  isRefused(path: string): boolean {
    return this.#changes.isRefused(path);
  }

  /** Lets a worker that waits in `input()` go on; null is the end of the input. False when none waits. */
  answerInput(text: string | null): boolean {
    const answer: FileAnswer = text === null ? { ok: false, errno: 'EIO' } : { ok: true, bytes: ENCODER.encode(text) };
    if (!this.#giveInput) {
      this.#waitingAnswer = answer;
      return false;
    }
    this.#giveInput(answer);
    this.#giveInput = null;
    return true;
  }

  /** Frees a worker that waits for input, so that it sees that it was stopped. */
  releaseInput(): void {
    this.#isReleased = true;
    this.#giveInput?.({ ok: false, errno: 'EIO' });
    this.#giveInput = null;
  }

  beginRun(network: RunNetwork): void {
    this.#network = network;
    this.releaseInput();
    this.#isReleased = false;
    this.#waitingAnswer = null;
    this.#changes.forget();
  }

  /** Nobody waits for it but the next run. */
  endRun(): void {
    const last = this.#keptFolder;
    if (this.#hasKept) this.#changes.follow(() => forgetOldRuns(this.#files, last));
    this.#hasKept = false;
    this.#keptFolder = null;
  }

  async #perform(operation: FileOperation): Promise<FileAnswer> {
    if ('path' in operation && operation.path === INPUT_PATH) return this.#input();
    if (isOfNetwork(operation)) return this.#network.perform(operation);
    if (operation.op === 'read' && operation.path.startsWith(IMAGES_PATH)) {
      const image = await this.#images.load(operation.path.slice(IMAGES_PATH.length));
      if (!image) return { ok: false, errno: 'ENOENT' };
      return {
        ok: true,
        bytes: image.slice(operation.position, operation.position + Math.min(operation.length, READ_BYTES)),
      };
    }
    await this.#changes.settled();
    return this.#files.perform(operation);
  }

  async #input(): Promise<FileAnswer> {
    const waiting = this.#waitingAnswer;
    this.#waitingAnswer = null;
    if (waiting) return waiting;
    // Stop may overtake the question on its way here.
    if (this.#isReleased) return { ok: false, errno: 'EIO' };
    this.#giveInput?.({ ok: false, errno: 'EIO' });
    return new Promise((settle) => {
      this.#giveInput = settle;
    });
  }
}
