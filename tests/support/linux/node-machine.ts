import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { V86 } from 'v86';
import {
  type Exec,
  type ExecEnd,
  type ExecSpec,
  type Machine,
  type MachineOptions,
  openMachine,
  type PackedState,
  type V86Constructor,
} from '../../../src/container/machine/index.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const IMAGES = process.env['LINUX_IMAGES'] ?? join(ROOT, 'public', 'vendor', 'linux');

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(IMAGES, name)));

/** What every machine of the small image is made of; read once a test file. */
export function smallParts(): Pick<MachineOptions, 'V86' | 'wasm' | 'bios' | 'vgaBios' | 'state' | 'memoryMB'> {
  return {
    V86: V86 as unknown as V86Constructor,
    wasm: new WebAssembly.Module(readFileSync(join(ROOT, 'node_modules', 'v86', 'build', 'v86.wasm'))),
    bios: read('bios.bin'),
    vgaBios: read('vgabios.bin'),
    state: new Uint8Array(zstdDecompressSync(read('small.state.zst'))),
    memoryMB: 128,
  };
}

/** The state of the small image as the package brings it. */
export function smallPackedState(): PackedState {
  const packed = read('small.state.zst');
  return { packed, bytes: zstdDecompressSync(packed).length };
}

/** An exec's end with all of its output. */
export interface Ran {
  readonly end: ExecEnd;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Shell {
  readonly machine: Machine;
  /** Runs a script by `sh -c` with its stdin closed, or an argv. */
  readonly run: (command: string | readonly string[], spec?: Partial<ExecSpec>) => Promise<Ran>;
}

export async function openShell(options: Partial<MachineOptions> = {}): Promise<Shell> {
  const machine = await openMachine({ ...smallParts(), ...options });
  return {
    machine,
    run: async (command, spec = {}) => {
      const started = startCollecting(
        machine,
        typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
        spec,
      );
      started.exec.closeStdin();
      return { end: await started.exec.done, stdout: started.text('stdout'), stderr: started.text('stderr') };
    },
  };
}

/** An exec whose output is kept as text. `onText` hears what came so far, at each piece. */
export function startCollecting(
  machine: Machine,
  argv: readonly string[],
  spec: Partial<ExecSpec> = {},
  onText: (stdout: string) => void = () => undefined,
): { readonly exec: Exec; readonly text: (stream: 'stdout' | 'stderr') => string } {
  const texts = { stdout: '', stderr: '' };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const take = (stream: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    texts[stream] += decoders[stream].decode(bytes, { stream: true });
    if (stream === 'stdout') onText(texts.stdout);
  };
  const exec = machine.exec({ argv, onStdout: take('stdout'), onStderr: take('stderr'), ...spec });
  return { exec, text: (stream) => texts[stream] };
}
