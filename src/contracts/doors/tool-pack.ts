import type { Result } from '../../base/index.ts';
import type { AppError } from '../errors.ts';
import type { ToolPackRow } from '../tool-pack.ts';

type Answer<T> = Promise<Result<T, AppError>>;

/** What is known of the tool pack of the full Linux. */
export interface ToolPackStatus {
  /** The file that a person may add; null where this package knows none. */
  readonly offered: Omit<ToolPackRow, 'pieces'> | null;
  /** Machines that start from now on have it. */
  readonly isAdded: boolean;
  /** What was removed is still on the device, for machines that go on with it. */
  readonly lingers: boolean;
}

/** The tool pack: one file of a person's device for all machines of the full image, a part of the engine door. Decision 0147. */
export interface ToolPackDoor {
  toolPack(request: Record<string, never>): Answer<ToolPackStatus>;
  /**
   * The next piece of the file, `pieceBytes` long but for the last; each is compared with the package's list before it is written, and
   * the pack is there once the last one was. `pack/wrong-file` before anything is written, `pack/damaged` at the piece that differs,
   * `pack/interrupted` where it is not the next one, `files/no-space`: then nothing of it stays.
   */
  addToolPack(request: {
    readonly name: string;
    readonly sizeBytes: number;
    readonly position: number;
    readonly bytes: Uint8Array;
  }): Answer<ToolPackStatus>;
  /** Nothing of a file that is on its way stays; what was added before does. */
  dropToolPack(request: Record<string, never>): Answer<ToolPackStatus>;
  /** No machine that starts from now on has it. */
  removeToolPack(request: Record<string, never>): Answer<ToolPackStatus>;
}
