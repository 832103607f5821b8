import { V86 } from 'v86';
import { encodeFrame, FrameReader } from '../../../src/container/channel/frames.ts';
import { parseMessage } from '../../../src/container/channel/messages.ts';
import { execRequest } from '../../../src/container/channel/requests.ts';
import { servePeer } from './serve-peer.ts';

interface Started {
  readonly bus: { send(event: string, value: Uint8Array): void };
  add_listener(event: string, listener: (bytes: Uint8Array) => void): void;
  remove_listener(event: string, listener: (bytes: Uint8Array) => void): void;
}
type Start = new (options: object) => Started;

const OUTPUT = 'virtio-console1-output-bytes';
const INPUT = 'virtio-console1-input-bytes';
const PATH = '/usr/bin:/bin';
const MB = 2 ** 20;
const PARTS = 4;

/** What was joined by `joinParts`. */
function partsOf(joined: ArrayBuffer): ArrayBuffer[] {
  const lengths = [...new Uint32Array(joined, 0, PARTS)];
  let at = PARTS * Uint32Array.BYTES_PER_ELEMENT;
  return lengths.map((length) => joined.slice(at, (at += length)));
}

// A plain worker around v86 as its readme starts it, with our small image: nothing of ours around it but the words to its agent.
servePeer(async (joined, print) => {
  const [wasm = joined, bios = joined, vgaBios = joined, state = joined] = partsOf(joined);
  const emulator = new (V86 as unknown as Start)({
    wasm_fn: async (imports: WebAssembly.Imports) => (await WebAssembly.instantiate(wasm, imports)).instance.exports,
    memory_size: 128 * MB,
    vga_memory_size: 2 * MB,
    bios: { buffer: bios },
    vga_bios: { buffer: vgaBios },
    initial_state: { buffer: state },
    filesystem: { handle9p: () => undefined },
    autostart: true,
    virtio_console: true,
    disable_speaker: true,
    disable_keyboard: true,
    disable_mouse: true,
    screen: { container: null },
  });
  await new Promise<void>((resolve) => emulator.add_listener('emulator-started', () => resolve()));
  let id = 1;
  return (code) =>
    new Promise<void>((resolve) => {
      const own = (id += 1);
      const reader = new FrameReader();
      const hear = (bytes: Uint8Array) =>
        void reader.push(bytes, (frame) => {
          const message = frame.id === own ? parseMessage(frame) : null;
          if (message?.kind === 'output') print(new TextDecoder().decode(message.bytes));
          if (message?.kind !== 'ended') return;
          emulator.remove_listener(OUTPUT, hear);
          resolve();
        });
      emulator.add_listener(OUTPUT, hear);
      const argv = ['bash', '-c', code];
      const request = { argv, cwd: '/', env: { PATH }, uid: 0, gid: 0, terminal: null, memoryMiB: 0, processes: 0 };
      emulator.bus.send(INPUT, encodeFrame('X', own, execRequest(request)));
    });
});
