import type { Mount } from '../channel/requests.ts';
import type { DiskSource } from '../disk/block-disk.ts';
import type { AskFailure } from '../exec/ask.ts';
import type { ServeShare } from './emulator.ts';
import type { MachineState } from './restore-packed.ts';
import type { V86Constructor } from './v86.ts';

/** Why a machine is not, or no more, what it was. */
export interface MachineLoss {
  /** hung: silent; panicked: its kernel gave up; faulted: the emulator threw; hostile: it broke the wire's rules. */
  readonly kind: 'hung' | 'panicked' | 'faulted' | 'hostile';
  /** For diagnostics: what was seen, and the console's last lines. */
  readonly detail: string;
}

/** What became of the machine after a loss: it was put back to its state, or nothing helps any more. */
export interface MachineFailure {
  readonly loss: MachineLoss;
  readonly outcome: 'restored' | 'gaveUp';
  /** Of at most `MAX_RESTARTS`. */
  readonly restarts: number;
}

export interface MachineOptions {
  /** `V86` of the package v86. */
  readonly V86: V86Constructor;
  /** v86.wasm, compiled. */
  readonly wasm: WebAssembly.Module;
  readonly bios: Uint8Array;
  readonly vgaBios: Uint8Array;
  /** The state that it starts from, and goes back to after a loss; as a function where it should not stay in memory. */
  readonly state?: Uint8Array | (() => Promise<MachineState>);
  /** Without a state: a boot from nothing, as the image's builder does. */
  readonly boot?: { readonly kernel: Uint8Array; readonly initrd: Uint8Array | null; readonly cmdline: string };
  readonly disk?: DiskSource | null;
  /** Of the disk, in bytes: a machine that writes more is lost. */
  readonly mostWrittenBytes?: number | undefined;
  /** Of the processor, above 0 to 1, once it is ready; all of it where nothing is said. */
  readonly processorShare?: number | undefined;
  /** As the state was made with. */
  readonly memoryMB: number;
  readonly vgaMemoryMB?: number;
  /** Serves what the guest asks of `host9p` by 9P2000.L. */
  readonly share?: ServeShare;
  /** Null where the share has all that it told the guest to have; else settles once it has. */
  readonly shareSettled?: () => Promise<void> | null;
  /** Made after every restore, before the machine is ready. */
  readonly mounts?: readonly Mount[];
  /** It is lost, and nobody knows yet what becomes of it; what ran in it hears of that later. */
  readonly onLoss?: (loss: MachineLoss) => void;
  /** What became of it, but where a reset that had been asked for before put it back. */
  readonly onFailure?: (failure: MachineFailure) => void;
  /** Text of the kernel's console. */
  readonly onConsole?: (text: string) => void;
  /** How long the guest may say nothing before it is put back; see heartbeat.ts. Default 10 s. */
  readonly hangMs?: number;
  /** Milliseconds since 1970 for the guest's clock. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Thrown by `openMachine` and by questions to a guest that does not answer them, or with no. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
  readonly failure: AskFailure | null;

  constructor(message: string, failure: AskFailure | null = null) {
    super(message);
    this.failure = failure;
  }
}
