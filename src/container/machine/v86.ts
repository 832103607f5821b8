/**
 * The version whose inner names this folder uses (ports, queues, ticks, exports of its wasm); a test compares.
 * @internal
 */
export const V86_VERSION = '0.5.462+g5f9a90f';

/** What the wasm exports, as far as it is wrapped. Offsets are of the guest's memory. */
export interface V86Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  /** A stretch of work; milliseconds until the next. */
  readonly main_loop: () => number;
  readonly zero_memory: (offset: number, bytes: number) => void;
  readonly is_memory_zeroed: (offset: number, bytes: number) => number;
  readonly set_tsc: (low: number, high: number) => void;
  readonly store_current_tsc: () => void;
}

interface Queue {
  is_configured(): boolean;
  has_request(): boolean;
}

/** The loop: `yield` asks for a tick in `ms`, `yield_callback` is the tick. */
export interface V86Loop {
  yield(ms: number, tick: number): void;
  yield_callback(tick: number): void;
  next_tick(ms: number): void;
  do_tick(): void;
  stop(): void;
  readonly cpu: {
    /** Of what it makes of the guest's code; settings are numbers. */
    set_jit_config(setting: number, value: number): void;
    /** All of the guest's memory. */
    readonly mem8: Uint8Array;
    zero_memory(offset: number, bytes: number): void;
    /** Called by a restore, once all else is as in the state: puts the pages that are set, one after the other in `packed`, in place. */
    unpack_memory(pages: { get(page: number): number }, packed: Uint8Array): void;
    readonly devices: {
      readonly virtio_console: {
        readonly virtio: { readonly queues: readonly Queue[] };
        SendEvent(port: number, event: number, value: number): void;
      };
      readonly virtio_9p?: { tag_bufchain: Map<number, unknown> };
    };
  };
}

export interface V86Options {
  readonly wasm_fn: (imports: WebAssembly.Imports) => Promise<WebAssembly.Exports>;
  readonly memory_size: number;
  readonly vga_memory_size: number;
  readonly bios: { readonly buffer: ArrayBuffer };
  readonly vga_bios: { readonly buffer: ArrayBuffer };
  readonly hda?: object;
  readonly bzimage?: { readonly buffer: ArrayBuffer };
  readonly initrd?: { readonly buffer: ArrayBuffer };
  readonly cmdline?: string;
  readonly filesystem: { readonly handle9p: (request: Uint8Array, reply: (answer: Uint8Array) => void) => void };
  readonly autostart: boolean;
  readonly virtio_console: boolean;
  readonly disable_speaker: boolean;
  readonly disable_keyboard: boolean;
  readonly disable_mouse: boolean;
  readonly screen: { readonly container: null };
}

export interface V86Instance {
  readonly bus: { send(event: string, value: unknown): void };
  readonly v86: V86Loop;
  add_listener(event: string, listener: (value: Uint8Array) => void): void;
  run(): Promise<void>;
  stop(): Promise<void>;
  save_state(): Promise<ArrayBuffer>;
  restore_state(state: ArrayBuffer): Promise<void>;
}

/** `V86` of the package v86. */
export type V86Constructor = new (options: V86Options) => V86Instance;
