import { closeSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { V86 } from 'v86';
import { IMAGE_MANIFEST, readImageManifest, type ImageManifest } from '../../../src/container/image/index.ts';
import {
  type DiskSource,
  openMachine,
  openPack,
  type Machine,
  type MachineOptions,
  type V86Constructor,
  withWindow,
} from '../../../src/container/machine/index.ts';

const FOLDER = join(import.meta.dirname, '../../../public/vendor/linux');

/** What was built into public/vendor/linux. Throws, with the command that builds it, when it is not there. */
export async function builtManifest(): Promise<ImageManifest> {
  const text = await readFile(join(FOLDER, IMAGE_MANIFEST), 'utf8').catch(() => '');
  const manifest = readImageManifest(text);
  if (manifest === null) throw new Error('The Linux images are not built: npm run build:linux');
  return manifest;
}

export function builtFile(name: string): Promise<Buffer> {
  return readFile(join(FOLDER, name));
}

/** A machine restored from a built image, in this thread; the caller disposes of it. */
export async function openImage(
  name: 'small' | 'full',
  {
    diskOf = (own) => withWindow(own, null),
    ...options
  }: Partial<
    Pick<MachineOptions, 'V86' | 'share' | 'shareSettled' | 'mounts' | 'state' | 'onFailure' | 'onConsole'>
  > & {
    /** What the machine reads, of the image's own disk. */
    readonly diskOf?: (own: DiskSource, wasm: WebAssembly.Module) => DiskSource;
  } = {},
): Promise<Machine> {
  const image = (await builtManifest()).images[name];
  if (image === null) throw new Error(`The ${name} Linux image is not built: npm run build:linux`);
  const { disk } = image;
  const pack = disk && openSync(join(FOLDER, disk.pack), 'r');
  const slice = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    readSync(pack ?? -1, bytes, 0, length, offset);
    return bytes;
  };
  const wasm = await WebAssembly.compile(new Uint8Array(await builtFile('v86.wasm')));
  try {
    const machine = await openMachine({
      // Its typings know no disk but a buffer or an address.
      V86: V86 as unknown as V86Constructor,
      wasm,
      bios: await builtFile('bios.bin'),
      vgaBios: await builtFile('vgabios.bin'),
      state: await promisify(zstdDecompress)(await builtFile(image.state)),
      disk: disk && diskOf(openPack(disk, slice, wasm), wasm),
      memoryMB: image.memoryMB,
      vgaMemoryMB: image.vgaMemoryMB,
      share: () => undefined,
      ...options,
    });
    return machine;
  } catch (error) {
    if (pack !== null) closeSync(pack);
    throw error;
  }
}

/** Runs a line of bash as the person of the guest, and gives what came of it. */
export async function bash(
  machine: Machine,
  line: string,
  { uid = 1000, stdin = '' }: { readonly uid?: number; readonly stdin?: string } = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string; readonly ms: number }> {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const said = { stdout: '', stderr: '' };
  const take = (name: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    said[name] += decoders[name].decode(bytes, { stream: true });
  };
  const exec = machine.exec({
    argv: ['/bin/bash', '-c', line],
    uid,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/home/user', LANG: 'C.UTF-8' },
    onStdout: take('stdout'),
    onStderr: take('stderr'),
  });
  if (stdin !== '') await exec.writeStdin(new TextEncoder().encode(stdin));
  exec.closeStdin();
  const end = await exec.done;
  if (end.kind !== 'exited') throw new Error(`${line}: ${JSON.stringify(end)}`);
  return { code: end.code, ...said, ms: end.ms };
}
