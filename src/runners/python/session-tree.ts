import type { BoxWorker } from '../../contracts/box.ts';
import type { FileAnswer, FileOperation, SessionFiles } from '../../contracts/files.ts';
import type { ImageSource } from './engine.ts';
import type { CopiedFile, FileChange } from '../../contracts/runner-protocol.ts';

/** Where the worker waits for an answer to `input()`; agreed with worker/host-functions.ts. */
const INPUT_PATH = '.companion/input';
/** Packages are read by the same way, as files below this path. */
const IMAGES_PATH = '.companion/images/';
const READ_BYTES = 4 * 1024 * 1024;
const ENCODER = new TextEncoder();

/** The session's tree towards its worker: live by the mailbox, or copied in and written out. */
export class SessionTree {
  readonly #files: SessionFiles;
  readonly #isLive: boolean;
  readonly #images: ImageSource;
  #written: Promise<unknown> = Promise.resolve();
  #giveInput: ((answer: FileAnswer) => void) | null = null;
  #isReleased = false;
  /** Answers that came before the worker asked. */
  #waitingAnswer: FileAnswer | null = null;

  constructor(worker: BoxWorker, files: SessionFiles, images: ImageSource) {
    this.#files = files;
    this.#images = images;
    this.#isLive = worker.hasSharedMemory;
    worker.serveFiles((operation) => this.#perform(operation));
  }

  /** The whole tree for a worker without live files; null where it has them. */
  async snapshot(): Promise<readonly CopiedFile[] | null> {
    if (this.#isLive) return null;
    await this.#written;
    const copied: CopiedFile[] = [];
    for (const stat of await this.#files.all()) {
      // What the runner keeps for the person is no input of programs.
      if (stat.path.startsWith('.output/')) continue;
      copied.push({ stat, bytes: stat.kind === 'directory' ? null : await this.#readWhole(stat.path, stat.sizeBytes) });
    }
    return copied;
  }

  /** Performs a change in order; never rejects. */
  write(change: FileChange): void {
    this.#written = this.#written.then(() => this.#files.perform(change)).catch(() => undefined); // a full disk is said by the next listing
  }

  /** Settles when every change so far is in the tree. */
  async settled(): Promise<void> {
    await this.#written;
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

  beginRun(): void {
    this.releaseInput();
    this.#isReleased = false;
    this.#waitingAnswer = null;
  }

  async #perform(operation: FileOperation): Promise<FileAnswer> {
    if ('path' in operation && operation.path === INPUT_PATH) return this.#input();
    if (operation.op === 'read' && operation.path.startsWith(IMAGES_PATH)) {
      const image = await this.#images.load(operation.path.slice(IMAGES_PATH.length));
      if (!image) return { ok: false, errno: 'ENOENT' };
      return {
        ok: true,
        bytes: image.slice(operation.position, operation.position + Math.min(operation.length, READ_BYTES)),
      };
    }
    await this.#written;
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

  async #readWhole(path: string, sizeBytes: number): Promise<Uint8Array> {
    const whole = new Uint8Array(sizeBytes);
    let at = 0;
    while (at < sizeBytes) {
      const answer = await this.#files.perform({
        op: 'read',
        path,
        position: at,
        length: Math.min(READ_BYTES, sizeBytes - at),
      });
      if (!answer.ok || !answer.bytes?.length) break;
      whole.set(answer.bytes, at);
      at += answer.bytes.length;
    }
    return whole;
  }
}
