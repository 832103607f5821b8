import {
  type DiskSource,
  openPack,
  type PackedState,
  type PackLayout,
  unpackLarge,
  withWindow,
} from '../../../container/machine/index.ts';
import { type BootParts, unpackBootParts } from '../../../container/boot/index.ts';
import type { EngineHost } from '../../kit/worker/index.ts';
import { TOOL_PACK_FILE } from '../tool-pack-file.ts';
import { readTools } from './tool-pack.ts';

/** Delivered to machines that boot before they start. */
const BOOT_FILE = 'boot.zst';

/** One image of the manifest, as the build wrote it (`src/container/image/index.ts`). */
interface ImageRow {
  readonly state: string;
  readonly memoryMB: number;
  readonly vgaMemoryMB: number;
  readonly disk: (PackLayout & { readonly pack: string }) | null;
}

interface Manifest {
  readonly v86Version: string;
  readonly files: readonly { readonly name: string; readonly rawBytes: number; readonly sha256: string }[];
  readonly images: Readonly<Record<'full' | 'small', ImageRow>>;
}

/** A saved machine, ready to be restored. */
export interface Image {
  readonly name: 'full' | 'small';
  /** Names its state, its disk and the emulator: what is saved of a machine fits no other. */
  readonly id: string;
  /** The same of the other image of this package. */
  readonly otherId: string;
  readonly memoryMB: number;
  readonly vgaMemoryMB: number;
  /** What a machine is restored from; read anew each time, for it is large. Rejects where it cannot be. */
  readonly packedState: () => Promise<PackedState>;
  /** The same state whole, unpacked anew each time, for what a saved one differs by. Rejects where it cannot be. */
  readonly state: () => Promise<Uint8Array<ArrayBuffer>>;
  readonly disk: DiskSource | null;
  /** What is on the disk, in bytes, rounded up to its pieces. */
  readonly diskUsedBytes: number;
  /** The pack that was delivered with it: where it begins on the disk, and why it cannot be read, once that is so. */
  readonly tools: { readonly at: number; readonly problem: () => string | null } | null;
  /** What it boots from where it cannot be restored; null where that was not delivered. */
  readonly boot: (() => Promise<BootParts>) | null;
}

/** Named here because the same source is checked for pages too. */
interface BlobReader {
  readonly FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };
}

type Files = Pick<EngineHost, 'files' | 'blobs' | 'blob' | 'hasSharedMemory'>;

/**
 * The image that was delivered: which of both says its state. To be called while `FileReaderSync` is there. Throws where
 * a part is missing.
 */
export function readImage(host: Files, wasm: WebAssembly.Module): Image {
  // Of our own package, and checked against its hashes when it was built.
  const manifest = JSON.parse(new TextDecoder().decode(bytesOf(host, 'manifest.json'))) as Manifest;
  const name =
    host.files.has(manifest.images.full.state) || host.blobs.has(manifest.images.full.state) ? 'full' : 'small';
  const { state, memoryMB, vgaMemoryMB, disk } = manifest.images[name];
  const fileOf = (wanted: string | undefined) => manifest.files.find((file) => file.name === wanted);
  const packedOf = (wanted: string) => takePacked(host, wanted, fileOf(wanted)?.rawBytes ?? 0);
  const unpacked =
    (packedState: Image['packedState']): Image['state'] =>
    async () => {
      const { packed, bytes } = await packedState();
      return unpackLarge(wasm, packed, bytes);
    };
  const packedState = packedOf(state);
  const own = unpacked(packedState);
  const disks = disk && openDisks(host, disk, wasm);
  const idOf = (row: ImageRow): string =>
    [manifest.v86Version, fileOf(row.state)?.sha256, fileOf(row.disk?.pack)?.sha256].join(' ');
  return {
    name,
    id: idOf(manifest.images[name]),
    otherId: idOf(manifest.images[name === 'full' ? 'small' : 'full']),
    memoryMB,
    vgaMemoryMB,
    packedState,
    state: own,
    disk: disks?.disk ?? null,
    tools: disks?.tools ?? null,
    diskUsedBytes: disk ? disk.sizes.filter((size) => size > 0).length * disk.pieceBytes : 0,
    boot: bootOf(host, (wanted) => unpacked(packedOf(wanted)), name === 'small' ? own : manifest.images.small.state),
  };
}

/** The disk of the image, and behind it the pack that was delivered with it. */
function openDisks(
  host: Files,
  row: NonNullable<ImageRow['disk']>,
  wasm: WebAssembly.Module,
): Pick<Image, 'disk' | 'tools'> {
  const disk = openDisk(host, row, wasm);
  if (!host.files.has(TOOL_PACK_FILE) && !host.blobs.has(TOOL_PACK_FILE))
    return { disk: withWindow(disk, null), tools: null };
  const { source, problem } = readTools(
    sliceOf(host, TOOL_PACK_FILE, () => host.blobs.get(TOOL_PACK_FILE) ?? null),
    wasm,
  );
  return { disk: withWindow(disk, source), tools: { at: disk.length, problem } };
}

/** Kernel and initrd are kept as what they differ by from the state of the small image, which they booted. */
function bootOf(
  { files, blobs }: Files,
  unpacked: (name: string) => Image['state'],
  base: Image['state'] | string,
): Image['boot'] {
  if (!files.has(BOOT_FILE) && !blobs.has(BOOT_FILE)) return null;
  const [packed, state] = [unpacked(BOOT_FILE), typeof base === 'string' ? unpacked(base) : base];
  return async () => unpackBootParts(await state(), await packed());
}

/** A small file of the image. */
export function bytesOf({ files }: Pick<Files, 'files'>, name: string): Uint8Array<ArrayBuffer> {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`the machine lacks ${name}`);
  return bytes;
}

/** The pack may come when the machine runs. */
function openDisk(host: Files, disk: NonNullable<ImageRow['disk']>, wasm: WebAssembly.Module): DiskSource {
  if (host.files.has(disk.pack))
    return openPack(
      disk,
      sliceOf(host, disk.pack, () => null),
      wasm,
    );
  const coming = host.blob(disk.pack);
  if (mustTakeWhole(host)) {
    let bytes = new Uint8Array();
    const slice = (offset: number, length: number) => bytes.subarray(offset, offset + length);
    const wanted = Promise.withResolvers<void>();
    const take = async (): Promise<void> => {
      // What a shell starts with is in the state: what is never read takes no memory, and no start waits beside it.
      await wanted.promise;
      bytes = await bytesIn(await coming);
    };
    return { ...openPack(disk, slice, wasm), ready: take(), want: wanted.resolve };
  }
  let pack: Blob | null = null;
  const slice = sliceOf(host, disk.pack, () => pack);
  return { ...openPack(disk, slice, wasm), ready: coming.then((here) => void (pack = here)) };
}

/** True in Firefox, where a read that holds its worker up may never come back (decision 0117), under load every third. */
const mustTakeWhole = ({ hasSharedMemory }: Pick<Files, 'hasSharedMemory'>): boolean => !hasSharedMemory;

const bytesIn = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await blob.arrayBuffer());

/** To be waited for before `readImage` where it is no null: takes the tool pack into memory, where a machine may not read of its blob. */
export function takeToolPack(host: Files): Promise<void> | null {
  const blob = host.blobs.get(TOOL_PACK_FILE);
  if (!blob || !mustTakeWhole(host)) return null;
  // Of one that cannot be read there is nothing, which is no pack: only its programs fail, and the person is told what to do.
  const reading = bytesIn(blob).catch(() => new Uint8Array());
  return reading.then((bytes) => void host.files.set(TOOL_PACK_FILE, bytes));
}

/** How a large file is read at once. Tests hand them in as bytes: a worker of Node cannot read a blob so. */
function sliceOf({ files }: Files, name: string, blobOf: () => Blob | null) {
  const bytes = files.get(name);
  if (bytes) return (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  const reader = new (globalThis as unknown as BlobReader).FileReaderSync();
  return (offset: number, length: number): Uint8Array => {
    const blob = blobOf();
    if (!blob) throw new Error(`${name} is read before it is here`);
    return new Uint8Array(reader.readAsArrayBuffer(blob.slice(offset, offset + length)));
  };
}

/** Takes a large file out of those in memory, so that it is let go with what reads it. */
function takePacked(
  { files, blobs }: Pick<Files, 'files' | 'blobs'>,
  name: string,
  bytes: number,
): Image['packedState'] {
  const held = files.get(name) ?? blobs.get(name);
  if (!held) throw new Error(`the machine lacks ${name}`);
  files.delete(name);
  return async () => ({
    packed: held instanceof Uint8Array ? held : new Uint8Array(await held.arrayBuffer()),
    bytes,
  });
}
