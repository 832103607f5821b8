import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { sumOfMap, sumOfPiece } from '../../src/runners/python/heap/index.ts';
import { sha256 } from './digest.ts';

/** One package of the image. `size` counts the bytes of its files in the inflated image. */
export interface ManifestPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** What `import` finds. */
  readonly modules: readonly string[];
  readonly size: number;
  /** Inflated names of the images that hold it. */
  readonly images: readonly string[];
  /** Packages that it needs at run time. */
  readonly requires: readonly string[];
}

/** What a start from a heap mounts, and which packages it then has imported. */
export interface ManifestHeap {
  readonly images: readonly string[];
  readonly provides: readonly string[];
}

/** A file of the folder. `rawBytes` is its size once inflated; equal to `bytes` for what is not compressed. */
export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  readonly rawBytes: number;
  readonly sha256: string;
  /** Of pieces of heaps and of their maps alone: what a start compares, `sumOfPiece` and `sumOfMap`. */
  readonly sum?: number;
}

export interface PythonManifest {
  readonly version: 1;
  /** Key over everything that the folder was made from. */
  readonly madeFrom: string;
  readonly pyodideVersion: string;
  /** Build that the heaps fit; Pyodide compares it as well. */
  readonly buildId: string;
  /** Length of the function table right after the main module exists. */
  readonly tableLength: number;
  readonly files: readonly ManifestFile[];
  readonly heaps: { readonly base: ManifestHeap; readonly science: ManifestHeap };
  readonly packages: readonly ManifestPackage[];
  /** File of the repository that says what to do instead of a package that is not here. */
  readonly unavailable: string;
}

export const MANIFEST = 'manifest.json';

const HEAP_PIECE = /\.heap\.\d+$/;
const HEAP_MAP = /\.pieces\.json$/;

/** Describes every file of a folder but the manifest itself. */
export async function describeFiles(folder: string): Promise<ManifestFile[]> {
  const places = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = places
    .filter((entry) => entry.isFile() && entry.name !== MANIFEST)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      const rawBytes = rawOf(name, bytes).length;
      const facts = { name, bytes: bytes.length, rawBytes, sha256: sha256(bytes) };
      if (HEAP_MAP.test(name)) return { ...facts, sum: sumOfMap(bytes) };
      return HEAP_PIECE.test(name) ? { ...facts, sum: sumOfPiece(bytes) } : facts;
    }),
  );
}

function rawOf(name: string, bytes: Uint8Array): Uint8Array {
  if (name.endsWith('.gz')) return gunzipSync(bytes);
  return name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes;
}

export async function writeManifest(folder: string, manifest: PythonManifest): Promise<void> {
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
}

/** Scripts larger than this are refused by the checker of Firefox's add-on store. */
const LARGEST_SCRIPT = 5_000_000;
/** Extensions that a store takes for an archive inside the package. */
const ARCHIVES = /\.(zip|whl|jar|tar|tgz|7z|rar|xpi|crx)$/;

/** What a store would refuse, in words; empty when nothing. */
export function storeObjections(files: readonly ManifestFile[]): string[] {
  return files.flatMap(({ name, bytes }) => [
    ...(/\.m?js$/.test(name) && bytes >= LARGEST_SCRIPT ? [`${name} is a script of ${String(bytes)} bytes`] : []),
    ...(ARCHIVES.test(name) ? [`${name} looks like an archive`] : []),
  ]);
}
