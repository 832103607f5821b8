import { type Machine, MachineError } from '../../../container/machine/index.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { SaveEnd } from '../../../contracts/runner-protocol.ts';
import type { Bash } from './bash.ts';
import type { Image } from './image.ts';
import { packMachine } from './saved-machine.ts';
import type { ToolPack } from './tool-pack.ts';

const MB = 1024 * 1024;
const TOO_LARGE = `More than ${LIMITS.savedEngineBytes.standard / MB} MB, packed, differ from the Linux of the package.`;
const UNCHANGED: SaveEnd = { end: 'unchanged', detail: null };

export interface KeeperOptions {
  readonly machine: Pick<Machine, 'unmount' | 'zeroFree' | 'save'>;
  readonly bash: Pick<Bash, 'leave' | 'prepare' | 'complaint'>;
  readonly image: Pick<Image, 'id' | 'state' | 'memoryMB'>;
  readonly tools: Pick<ToolPack, 'mount' | 'unmount'>;
  readonly mountPath: string;
  /** Mounts the session's files there. */
  readonly mount: () => Promise<void>;
  /** Ends the machine: the session's files are perhaps not in it, and nothing may run so. */
  readonly lose: (why: string) => Promise<void>;
  readonly keep: (saved: Uint8Array<ArrayBuffer>) => void;
}

/** Saves a machine that nobody uses, without the session's files: these are the workspace's, and are mounted again. */
export class Keeper {
  readonly #options: KeeperOptions;
  #isChanged = false;
  /** What became of the last state that was taken. */
  #packing: Promise<SaveEnd> = Promise.resolve(UNCHANGED);
  #problem: string | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** The machine was used: what is saved of it is old. */
  changed(): void {
    this.#isChanged = true;
  }

  /** Why it could not be saved the last time, once; null where it could. */
  takeProblem(): string | null {
    const problem = this.#problem;
    this.#problem = null;
    return problem;
  }

  /**
   * Takes the state of a machine in which nothing runs; it is packed and given away later, by when `onTaken` was called. Does
   * nothing where it was not used since. Never rejects: why it failed is what `takeProblem` says, and the machine is used on.
   */
  async save(onTaken: () => void): Promise<void> {
    if (!this.#isChanged) return;
    await this.#packing;
    const { bash } = this.#options;
    try {
      await bash.leave();
      const state = await this.#takeWithoutTools();
      this.#isChanged = false;
      this.#packing = this.#pack(state).catch((error: unknown) => this.#failed(error));
      onTaken();
    } catch (error) {
      this.#packing = Promise.resolve(this.#failed(error));
    }
    bash.prepare();
    // What starts a shell was dropped with the rest: it is read again now, and not when somebody waits for it.
    await bash.complaint('true').catch(() => null); // a machine that is lost says so itself
  }

  /** What became of the last `save`, once what it took was packed and given away. */
  get ended(): Promise<SaveEnd> {
    return this.#packing;
  }

  #failed(error: unknown): SaveEnd {
    this.#problem = String(error);
    // It is as little saved as before.
    this.#isChanged = true;
    const detail = error instanceof Error ? error.message : this.#problem;
    return { end: 'failed', detail: detail.slice(0, 4_000) };
  }

  /** The next machine of the session may be one without a pack. */
  async #takeWithoutTools(): Promise<Uint8Array> {
    const { tools } = this.#options;
    await tools.unmount();
    try {
      await this.#unmount();
      return await this.#takeWithoutFiles();
    } finally {
      await tools.mount();
    }
  }

  async #unmount(): Promise<void> {
    const { machine, mountPath } = this.#options;
    try {
      await machine.unmount(mountPath, false);
    } catch (error) {
      // Something that nobody knows of holds the folder open: saved with it, it would find another folder.
      if (kindOf(error) === 'errno') throw error;
      await this.#giveUp(error);
    }
  }

  async #takeWithoutFiles(): Promise<Uint8Array> {
    const { machine, mount } = this.#options;
    try {
      // Of what was read before, a state would be ten times as large.
      await machine.zeroFree(true);
      return await machine.save();
    } finally {
      await mount().catch((error: unknown) => this.#giveUp(error));
    }
  }

  async #giveUp(error: unknown): Promise<never> {
    // A machine that was lost says so itself, and why.
    if (kindOf(error) !== 'lost') await this.#options.lose(String(error));
    throw error;
  }

  async #pack(state: Uint8Array): Promise<SaveEnd> {
    const { image, keep } = this.#options;
    const saved = await packMachine(image, state);
    if (saved.length > LIMITS.savedEngineBytes.standard) throw new Error(TOO_LARGE);
    keep(saved);
    return { end: 'saved', detail: null };
  }
}

const kindOf = (error: unknown): string | null =>
  error instanceof MachineError ? (error.failure?.kind ?? null) : null;
