import { type DiskSource, type Machine, openToolPack } from '../../../container/machine/index.ts';
import type { Guest } from './guest.ts';
import { SHELL_ENV, TOOLS_DEVICE, TOOLS_PLACE } from './waiting-bash.ts';

/** For a machine that booted, and one whose person took the device away: it waits for the disk, on which its programs are. */
const MOUNT = 'mkdir -p "$PLACE" && exec mount -t ext4 -o "ro,nosuid,nodev,loop,offset=$AT" /dev/sda "$PLACE"';
const OFFSET_OF_DEVICE = `/sys/block/${TOOLS_DEVICE.split('/').at(-1) ?? ''}/loop/offset`;
const SAID_UTF16 = 1_000;

/** A pack that was delivered with the image. */
export interface DeliveredTools {
  readonly source: DiskSource;
  /** Why something of it could not be read, once that happened: the machine has read zeroes instead. */
  readonly problem: () => string | null;
}

/**
 * The pack that `slice` reads of. It never throws: a disk that does would end the machine, and whatever becomes of the person's file,
 * only programs of the pack are to fail.
 */
export function readTools(
  slice: (offset: number, length: number) => Uint8Array,
  wasm: WebAssembly.Module,
): DeliveredTools {
  let problem: string | null = null;
  const guarded = <T>(read: () => T, otherwise: () => T): T => {
    try {
      return read();
    } catch (error) {
      problem ??= String(error);
      return otherwise();
    }
  };
  const none: DiskSource = { length: 0, read: (_offset, length) => new Uint8Array(length) };
  const source = guarded(
    () => openToolPack(slice, wasm),
    () => none,
  );
  return {
    source: {
      length: source.length,
      read: (offset, length) =>
        guarded(
          () => source.read(offset, length),
          () => new Uint8Array(length),
        ),
    },
    problem: () => problem,
  };
}

export interface ToolPackOptions {
  readonly guest: Pick<Guest, 'exec'>;
  readonly machine: Pick<Machine, 'mount' | 'unmount'>;
  readonly readFile: Guest['readFile'];
  /** Where they begin on the disk; null where there are none. */
  readonly at: number | null;
  readonly problem: () => string | null;
}

/** The tools of a pack in a guest: there while it is used, and never in what is saved of it. */
export class ToolPack {
  readonly #options: ToolPackOptions;
  #isMounted = false;
  #unmounted: string | null = null;
  #isSaid = false;

  constructor(options: ToolPackOptions) {
    this.#options = options;
  }

  /** Puts them in place. Never rejects: without them the machine is what it is without a pack. */
  async mount(): Promise<void> {
    const { at, problem } = this.#options;
    if (at === null || problem() !== null || this.#isMounted) return;
    this.#isMounted = (await this.#mountDevice(at)) || (await this.#mountByProgram(at));
  }

  /** By the kernel alone. False where the device is not the window's, or it cannot be mounted so. */
  async #mountDevice(at: number): Promise<boolean> {
    const { machine, readFile } = this.#options;
    if ((await readFile(OFFSET_OF_DEVICE))?.trim() !== String(at)) return false;
    return machine
      .mount({ source: TOOLS_DEVICE, target: TOOLS_PLACE, type: 'ext4', options: '', isReadOnly: true })
      .then(() => true)
      .catch(() => false); // the program says why
  }

  async #mountByProgram(at: number): Promise<boolean> {
    const { guest } = this.#options;
    const decoder = new TextDecoder();
    let said = '';
    const exec = guest.exec({
      argv: ['sh', '-c', MOUNT],
      cwd: '/',
      env: { ...SHELL_ENV, PLACE: TOOLS_PLACE, AT: String(at) },
      onStderr: (bytes) => {
        if (said.length < SAID_UTF16) said += decoder.decode(bytes, { stream: true });
      },
    });
    exec.closeStdin();
    const end = await exec.done;
    const isMounted = end.kind === 'exited' && end.code === 0;
    this.#unmounted = isMounted ? null : said.trim() || end.kind;
    return isMounted;
  }

  /** Takes them away. Rejects where a program of theirs runs or something of theirs is open. */
  async unmount(): Promise<void> {
    if (!this.#isMounted) return;
    await this.#options.machine.unmount(TOOLS_PLACE, false);
    this.#isMounted = false;
  }

  /** Why there are none, or none that work, for the person, once. */
  takeProblem(): string | null {
    const why = this.#options.problem() ?? this.#unmounted;
    if (why === null || this.#isSaid) return null;
    this.#isSaid = true;
    return `The tool pack of this Linux cannot be used (${why}). Remove it under Machines and add its file again.`;
  }
}
