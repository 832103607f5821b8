import { type Signal, signal } from '@preact/signals';
import type { Result } from '../../base/index.ts';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { ToolPackDoor, ToolPackStatus } from '../../contracts/doors/tool-pack.ts';
import { type AppError, appError } from '../../contracts/errors.ts';

export type ToolPackEngine = Pick<EngineDoor, keyof ToolPackDoor>;

/** The tool pack as a page shows it, and what is done with it. */
export class ToolPackState {
  readonly known: Signal<ToolPackStatus | null> = signal(null);
  readonly failure: Signal<AppError | null> = signal(null);
  /** How much of the file is there, 0 to 1, while it is added. */
  readonly share: Signal<number | null> = signal(null);
  readonly #engine: ToolPackEngine;
  #isCancelled = false;

  constructor(engine: ToolPackEngine) {
    this.#engine = engine;
  }

  async read(): Promise<void> {
    // What is answered while pieces come says less than their answers.
    if (this.share.value === null) this.#heard(await this.#engine.toolPack({}));
  }

  /** Puts the file there piece by piece, so that it need not fit into a message or into this page's memory. One at a time. */
  async add(file: File): Promise<void> {
    const pieceBytes = this.known.value?.offered?.pieceBytes;
    if (pieceBytes === undefined || this.share.value !== null) return;
    this.failure.value = null;
    this.#isCancelled = false;
    this.share.value = 0;
    try {
      for (let position = 0; position === 0 || position < file.size; position += pieceBytes) {
        const bytes = new Uint8Array(await file.slice(position, position + pieceBytes).arrayBuffer());
        const piece = { name: file.name, sizeBytes: file.size, position, bytes };
        if (!this.#heard(await this.#engine.addToolPack(piece))) break;
        // The last piece was one too many to be taken back: it is there.
        if (this.#isCancelled && position + bytes.length < file.size) {
          this.#heard(await this.#engine.dropToolPack({}));
          break;
        }
        this.share.value = Math.min(1, (position + bytes.length) / Math.max(1, file.size));
      }
    } catch (error) {
      // It went away or is locked: the browser says so only when it is read.
      if (!(error instanceof DOMException)) throw error;
      this.failure.value = appError('files/not-found', file.name);
    } finally {
      this.share.value = null;
    }
  }

  /** Ends the adding after the piece that is under way; nothing of the file stays. */
  cancel(): void {
    this.#isCancelled = true;
  }

  async remove(): Promise<void> {
    this.failure.value = null;
    this.#heard(await this.#engine.removeToolPack({}));
  }

  #heard(answer: Result<ToolPackStatus, AppError>): boolean {
    if (answer.ok) this.known.value = answer.value;
    else this.failure.value = answer.error;
    return answer.ok;
  }
}
