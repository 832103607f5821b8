import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { V86 } from 'v86';
import {
  type Machine,
  openMachine,
  openPack,
  type ServeShare,
  type V86Constructor,
} from '../../../src/container/machine/index.ts';

const IMAGE = join(import.meta.dirname, '../../../public/vendor/linux');
const DECODER = new TextDecoder();

interface Manifest {
  readonly images: {
    readonly full: {
      readonly state: string;
      readonly memoryMB: number;
      readonly vgaMemoryMB: number;
      readonly disk: {
        readonly pack: string;
        readonly bytes: number;
        readonly pieceBytes: number;
        readonly sizes: number[];
      };
    };
  };
}

export const SHARE_MOUNT = {
  source: 'host9p',
  target: '/mnt/data',
  type: '9p',
  options: 'trans=virtio,version=9p2000.L,msize=262144,cache=none,access=client',
};

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

export interface LinuxGuest {
  readonly machine: Machine;
  /** In /mnt/data. */
  bash(command: string, options?: { readonly uid?: number }): Promise<Said>;
}

/** The full machine of the package in this process, with a share at /mnt/data. */
export async function startLinuxGuest(share: ServeShare, state?: Uint8Array): Promise<LinuxGuest> {
  const bytesOf = async (name: string) => new Uint8Array(await readFile(join(IMAGE, name)));
  const { images } = JSON.parse(DECODER.decode(await bytesOf('manifest.json'))) as Manifest;
  const { full } = images;
  const pack = await bytesOf(full.disk.pack);
  const machine = await openMachine({
    V86: V86 as unknown as V86Constructor,
    wasm: await WebAssembly.compile(await bytesOf('v86.wasm')),
    bios: await bytesOf('bios.bin'),
    vgaBios: await bytesOf('vgabios.bin'),
    memoryMB: full.memoryMB,
    vgaMemoryMB: full.vgaMemoryMB,
    state: state ?? new Uint8Array(gunzipSync(await bytesOf(full.state))),
    disk: openPack(full.disk, (offset, length) => pack.subarray(offset, offset + length)),
    share,
    mounts: state ? [] : [SHARE_MOUNT],
  });
  return {
    machine,
    async bash(command, { uid = 0 } = {}) {
      const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
      const startedAt = performance.now();
      const exec = machine.exec({
        argv: ['/bin/bash', '-c', command],
        cwd: '/mnt/data',
        uid,
        onStdout: (bytes) => void out.push(bytes.slice()),
        onStderr: (bytes) => void err.push(bytes.slice()),
      });
      exec.closeStdin();
      const end = await exec.done;
      const ms = performance.now() - startedAt;
      const text = (pieces: Uint8Array[]) => DECODER.decode(Buffer.concat(pieces));
      return { code: end.kind === 'exited' ? end.code : null, out: text(out), err: text(err), ms };
    },
  };
}
