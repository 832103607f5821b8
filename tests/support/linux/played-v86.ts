import { numbers } from '../../../src/container/channel/requests.ts';
import { encodeFrame, FrameReader, HEADER_BYTES } from '../../../src/container/channel/frames.ts';
import { AGENT_VERSION } from '../../../src/container/channel/messages.ts';
import type { V86Constructor, V86Instance, V86Loop } from '../../../src/container/machine/v86.ts';

/** What one played guest does; tests change it while it runs. */
export interface Play {
  /** Said at the next tick, as bytes of the agent's port. */
  readonly say: Uint8Array[];
  /** Thrown by the next tick. */
  fault: Error | null;
  /** The agent answers questions. */
  answers: boolean;
  /** Said in the same bytes as the next answer to the time, which is the last word of a start. */
  behindTime: Uint8Array | null;
  restores: number;
  readonly heard: string[];
}

/**
 * V86 without a processor: a loop, a console port and an agent that answers pings and the time. For what a real guest
 * cannot be made to do at will: break the wire's rules, make the emulator throw.
 */
export function playedV86(): { readonly V86: V86Constructor; readonly play: Play } {
  const play: Play = { say: [], fault: null, answers: true, behindTime: null, restores: 0, heard: [] };

  class PlayedLoop implements V86Loop {
    readonly cpu = {
      set_jit_config: () => undefined,
      mem8: new Uint8Array(0),
      zero_memory: () => undefined,
      unpack_memory: () => undefined,
      devices: {
        virtio_console: {
          virtio: { queues: Array.from({ length: 6 }, () => ({ is_configured: () => true, has_request: () => true })) },
          SendEvent: () => undefined,
        },
        virtio_9p: { tag_bufchain: new Map<number, unknown>() },
      },
    };
    isRunning = false;
    #isStopping = false;
    #tick = 0;
    readonly #send: (event: string, value: Uint8Array) => void;

    constructor(send: (event: string, value: Uint8Array) => void) {
      this.#send = send;
    }
    yield(ms: number, tick: number): void {
      throw new Error(`tick ${tick} in ${ms} ms: the machine has ticks of its own`);
    }
    yield_callback(tick: number): void {
      if (tick === this.#tick) this.do_tick();
    }
    next_tick(ms: number): void {
      this.#tick += 1;
      this.yield(ms, this.#tick);
    }
    run(): void {
      this.isRunning = true;
      this.#isStopping = false;
      this.next_tick(0);
    }
    stop(): void {
      if (this.isRunning) this.#isStopping = true;
    }
    do_tick(): void {
      if (this.#isStopping || !this.isRunning) {
        this.isRunning = false;
        this.#isStopping = false;
        this.#send('emulator-stopped', new Uint8Array(0));
        return;
      }
      const { fault } = play;
      play.fault = null;
      if (fault) throw fault;
      for (const bytes of play.say.splice(0)) this.#send('virtio-console1-output-bytes', bytes);
      this.next_tick(2);
    }
  }

  class PlayedV86 implements V86Instance {
    readonly v86: PlayedLoop;
    readonly #listeners = new Map<string, ((value: Uint8Array) => void)[]>();
    readonly #reader = new FrameReader();
    readonly bus = {
      send: (event: string, value: unknown) => {
        if (event === 'virtio-console1-input-bytes' && value instanceof Uint8Array) this.#hear(value);
      },
    };

    constructor() {
      this.v86 = new PlayedLoop((event, value) => this.#emit(event, value));
      queueMicrotask(() => this.#emit('emulator-loaded', new Uint8Array(0)));
    }
    add_listener(event: string, listener: (value: Uint8Array) => void): void {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    }
    async run(): Promise<void> {
      this.v86.run();
    }
    stop(): Promise<void> {
      if (!this.v86.isRunning) return Promise.resolve();
      return new Promise((resolve) => {
        this.add_listener('emulator-stopped', () => resolve());
        this.v86.stop();
      });
    }
    async save_state(): Promise<ArrayBuffer> {
      return new ArrayBuffer(8);
    }
    async restore_state(): Promise<void> {
      play.restores += 1;
      play.say.length = 0;
    }
    #emit(event: string, value: Uint8Array): void {
      for (const listener of this.#listeners.get(event) ?? []) listener(value);
    }
    #hear(bytes: Uint8Array): void {
      this.#reader.push(bytes, ({ type, id, payload }) => {
        play.heard.push(String.fromCharCode(type));
        if (!play.answers || bytes.length < HEADER_BYTES) return;
        if (type === 'P'.charCodeAt(0)) {
          const nonce = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
          play.say.push(encodeFrame('p', id, numbers(nonce, nonce, AGENT_VERSION)));
        }
        if (type === 'T'.charCodeAt(0)) {
          play.say.push(new Uint8Array([...encodeFrame('r', id, numbers(0)), ...(play.behindTime ?? [])]));
          play.behindTime = null;
        }
      });
    }
  }
  return { V86: PlayedV86, play };
}
