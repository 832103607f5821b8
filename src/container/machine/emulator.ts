import { BlockDisk, type DiskSource } from '../disk/block-disk.ts';
import { type MachineState, restorePacked } from './restore-packed.ts';
import { ownTicks, type Ticks, withoutWorkers } from './ticks.ts';
import type { V86Constructor, V86Instance, V86Loop, V86Options } from './v86.ts';
import { cureExports } from './wasm-cures.ts';

/** Answers 9P requests of the guest; each with exactly one reply. */
export type ServeShare = (request: Uint8Array, reply: (answer: Uint8Array) => void) => void;

export interface EmulatorOptions {
  readonly V86: V86Constructor;
  readonly wasm: WebAssembly.Module;
  readonly bios: Uint8Array;
  readonly vgaBios: Uint8Array;
  readonly memoryMB: number;
  readonly vgaMemoryMB: number;
  readonly disk: DiskSource | null;
  /** Of the disk, in bytes: who writes more loses its machine. Absent: as much as it holds. */
  readonly mostWrittenBytes?: number | undefined;
  readonly share?: ServeShare | undefined;
  /** Null where the share has all that it told the guest to have; else settles once it has. */
  readonly shareSettled?: (() => Promise<void> | null) | undefined;
  /** A boot from nothing instead of a state. */
  readonly boot?:
    | { readonly kernel: Uint8Array; readonly initrd: Uint8Array | null; readonly cmdline: string }
    | undefined;
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onConsole: (bytes: Uint8Array) => void;
  /** The machine's loop threw; it stands still until a restore. */
  readonly onFault: (error: unknown) => void;
}

/** The agent's port of the virtio console, and the queue by which the guest takes bytes from it: port * 2 + 2. */
const PORT = 1;
const RECEIVE_QUEUE = 4;
/** One buffer of the guest; what is longer is cut off. */
const GUEST_BUFFER_BYTES = 4096;
const CONSOLE_PORT_EVENT = 4;
const MIB = 2 ** 20;
/**
 * How many pages of the guest's code v86 translates in one function of WebAssembly; its own choice is 3. V8 takes each such function
 * for hot after a few dozen calls, the sooner the longer it is, and optimises it for as long (decision 0148).
 */
const MAX_PAGES_SETTING = 1;

/** All bytes of the view in a buffer of their own. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength ? buffer : bytes.slice().buffer;
}

/** v86 as the machine uses it: one byte stream to the agent, a disk, a share, states. Knows nothing of what is said. */
export class Emulator {
  readonly #emulator: V86Instance;
  readonly #loop: V86Loop;
  readonly #wasm: WebAssembly.Module;
  readonly #disk: BlockDisk | null;
  readonly #outgoing: Uint8Array[] = [];
  /** What is written while the agent should be between two frames. */
  #held: Uint8Array[] | null = null;
  #onDrained: () => void = () => undefined;
  readonly #shareCalls: ShareCalls;
  readonly #ticks: Ticks;
  #isRunning = false;
  #stopped: Promise<void> = Promise.resolve();

  private constructor(
    emulator: V86Instance,
    disk: BlockDisk | null,
    calls: ShareCalls,
    { wasm, onFault }: Pick<EmulatorOptions, 'wasm' | 'onFault'>,
  ) {
    this.#emulator = emulator;
    this.#loop = emulator.v86;
    this.#wasm = wasm;
    this.#disk = disk;
    this.#shareCalls = calls;
    this.#ticks = this.#takeOverLoop(onFault);
    this.#keepPortFromBeingConsole();
    this.#loop.cpu.set_jit_config(MAX_PAGES_SETTING, 1);
  }

  /** Resolves once the machine is made; it stands still. */
  static async create(options: EmulatorOptions): Promise<Emulator> {
    const disk = options.disk && new BlockDisk(options.disk, options.mostWrittenBytes);
    const calls = new ShareCalls(options.share, options.shareSettled);
    const emulator = await withoutWorkers(
      () =>
        new Promise<V86Instance>((resolve, reject) => {
          const made = new options.V86(v86Options(options, disk, calls, reject));
          made.add_listener('emulator-loaded', () => resolve(made));
        }),
    );
    emulator.add_listener(`virtio-console${PORT}-output-bytes`, options.onBytes);
    emulator.add_listener('virtio-console0-output-bytes', options.onConsole);
    return new Emulator(emulator, disk, calls, options);
  }

  /** From now on it works that share of the time at most; above 0, to 1. */
  limitProcessor(share: number): void {
    this.#ticks.limit(share);
  }

  get writtenDiskBytes(): number {
    return this.#disk?.writtenBytes ?? 0;
  }

  /** Bytes for the agent, in order; they wait until the guest has room. */
  write(bytes: Uint8Array): void {
    if (this.#held) {
      this.#held.push(bytes);
      return;
    }
    for (let at = 0; at < bytes.length; at += GUEST_BUFFER_BYTES) {
      this.#outgoing.push(bytes.subarray(at, at + GUEST_BUFFER_BYTES));
    }
    this.#pump();
  }

  /**
   * Lets the agent have the frames that it was sent, and holds back what is written from now on: of a state with half a
   * frame in it, the first words to its agent would be taken for the other half. Resolves with false when it takes too long.
   */
  async hold(withinMs: number): Promise<boolean> {
    this.#held ??= [];
    if (this.#outgoing.length === 0) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isDrained = await new Promise<boolean>((resolve) => {
      this.#onDrained = () => resolve(true);
      timer = setTimeout(() => resolve(false), withinMs);
    });
    clearTimeout(timer);
    return isDrained;
  }

  /** Sends what was held back. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const bytes of held) this.write(bytes);
  }

  async run(): Promise<void> {
    this.#isRunning = true;
    await this.#emulator.run();
  }

  /** Resolves when the loop stands. */
  async stop(): Promise<void> {
    // Asked twice, it stands no sooner: who ends it drops the tick that the first one waits for.
    if (!this.#isRunning) return this.#stopped;
    this.#isRunning = false;
    this.#stopped = this.#emulator.stop();
    // An idle guest may have asked for its next tick a long while from now.
    this.#loop.next_tick(0);
    await this.#stopped;
  }

  /** The machine's state while it stands. The share must be idle: v86 cannot save a request under way. */
  async save(): Promise<Uint8Array> {
    await this.#disk?.settled();
    await this.#shareCalls.idle();
    return new Uint8Array(await this.#emulator.save_state());
  }

  /** Back to a state, while it stands. What waited for the guest is dropped, and so are answers of the share to come. */
  async restore(state: MachineState): Promise<void> {
    this.#outgoing.length = 0;
    this.#held = null;
    this.#onDrained();
    this.#shareCalls.forget();
    if (state instanceof Uint8Array) await this.#emulator.restore_state(bufferOf(state));
    else await restorePacked(this.#emulator, this.#wasm, state);
    const share = this.#loop.cpu.devices.virtio_9p;
    if (share) share.tag_bufchain = new Map();
  }

  /** Ends the loop for good; call it while it stands. */
  dispose(): void {
    this.#shareCalls.forget();
    this.#ticks.close();
    this.#outgoing.length = 0;
  }

  /** v86 drops bytes for which the guest has no buffer, so each one is looked for first. */
  #pump(): void {
    const queue = this.#loop.cpu.devices.virtio_console.virtio.queues[RECEIVE_QUEUE];
    while (this.#outgoing.length > 0 && queue?.is_configured() && queue.has_request()) {
      this.#emulator.bus.send(`virtio-console${PORT}-input-bytes`, this.#outgoing.shift());
    }
    if (this.#outgoing.length === 0) this.#onDrained();
  }

  /** Before each pause of the loop the port is looked after; what the loop throws ends there. */
  #takeOverLoop(onFault: (error: unknown) => void): Ticks {
    const loop = this.#loop;
    const tick = loop.yield_callback.bind(loop);
    const guarded = (number: number): void => {
      try {
        tick(number);
      } catch (error) {
        // In this order: a stopping loop's tick does nothing but say that it stands.
        this.#isRunning = false;
        loop.stop();
        loop.do_tick();
        onFault(error);
      }
    };
    loop.yield_callback = guarded;
    const ticks = ownTicks(guarded);
    loop.yield = (ms, number) => {
      if (this.#outgoing.length > 0) this.#pump();
      ticks.yield(ms, number);
    };
    return ticks;
  }

  /** Linux makes a console of every port that v86 calls one, and consoles write 16 bytes at a time. */
  #keepPortFromBeingConsole(): void {
    const device = this.#loop.cpu.devices.virtio_console;
    const send = device.SendEvent.bind(device);
    device.SendEvent = (port, event, value) => {
      if (event !== CONSOLE_PORT_EVENT || port < PORT) send(port, event, value);
    };
  }
}

/** Requests of the guest to its share that are under way. */
class ShareCalls {
  readonly #serve: ServeShare | undefined;
  readonly #settled: () => Promise<void> | null;
  #life = 0;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  constructor(serve: ServeShare | undefined, settled: () => Promise<void> | null = () => null) {
    this.#serve = serve;
    this.#settled = settled;
  }

  readonly handle: ServeShare = (request, reply) => {
    if (!this.#serve) return;
    const life = this.#life;
    let isAnswered = false;
    this.#underWay += 1;
    this.#serve(request, (answer) => {
      if (isAnswered || life !== this.#life) return;
      isAnswered = true;
      this.#underWay -= 1;
      reply(answer);
      if (this.#underWay === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    });
  };

  async idle(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const settled = this.#settled();
    if (settled) await Promise.race([settled, new Promise<void>((resolve) => this.#waiting.push(resolve))]);
  }

  /** Answers to what was asked so far are for a guest that is gone. */
  forget(): void {
    this.#life += 1;
    this.#underWay = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function v86Options(
  options: EmulatorOptions,
  disk: BlockDisk | null,
  calls: ShareCalls,
  onUnmade: (error: unknown) => void,
): V86Options {
  const { boot } = options;
  return {
    wasm_fn: async (imports) => {
      try {
        return cureExports((await WebAssembly.instantiate(options.wasm, imports)).exports);
      } catch (error) {
        onUnmade(error);
        throw error;
      }
    },
    memory_size: options.memoryMB * MIB,
    vga_memory_size: options.vgaMemoryMB * MIB,
    bios: { buffer: bufferOf(options.bios) },
    vga_bios: { buffer: bufferOf(options.vgaBios) },
    ...(disk && { hda: disk }),
    ...(boot && { bzimage: { buffer: bufferOf(boot.kernel) }, cmdline: boot.cmdline }),
    ...(boot?.initrd && { initrd: { buffer: bufferOf(boot.initrd) } }),
    filesystem: { handle9p: calls.handle },
    autostart: false,
    virtio_console: true,
    disable_speaker: true,
    disable_keyboard: true,
    disable_mouse: true,
    screen: { container: null },
  };
}
