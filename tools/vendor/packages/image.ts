import type { ImageEntry, ImageIndex } from '../../../src/runners/python/heap/index.ts';
import { sha256 } from '../digest.ts';
import type { Tree } from './tree.ts';

/**
 * Lays all files of all trees into one block, sorted by path, equal contents once. Paths are below `root`, unless they begin with a slash. The index lists every folder before
 * what is in it; folders of `existing` are left out. Throws when two trees claim one path with different contents.
 */
export function buildImage(
  trees: readonly Tree[],
  root: string,
  existing: ReadonlySet<string> = new Set(),
): { readonly index: ImageIndex; readonly image: Uint8Array } {
  const files = mergeTrees(trees);
  const entries: ImageEntry[] = [];
  const parts: Uint8Array[] = [];
  const placed = new Map<string, number>();
  const folders = new Set<string>([root, ...existing]);
  let size = 0;
  for (const path of [...files.keys()].sort()) {
    const contents = files.get(path);
    if (contents === undefined) continue;
    const whole = path.startsWith('/') ? path : `${root}/${path}`;
    for (const folder of foldersOf(whole)) {
      if (folders.has(folder) || root.startsWith(`${folder}/`)) continue;
      folders.add(folder);
      entries.push([folder, 0, -1]);
    }
    const digest = sha256(contents);
    let offset = placed.get(digest);
    if (offset === undefined) {
      offset = size;
      placed.set(digest, offset);
      parts.push(contents);
      size += contents.length;
    }
    entries.push([whole, offset, contents.length]);
  }
  const image = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    image.set(part, offset);
    offset += part.length;
  }
  return { index: { version: 1, bytes: size, entries }, image };
}

function mergeTrees(trees: readonly Tree[]): Tree {
  const merged: Tree = new Map();
  for (const tree of trees) {
    for (const [path, contents] of tree) {
      const other = merged.get(path);
      if (other && sha256(other) !== sha256(contents)) throw new Error(`two packages have ${path}`);
      merged.set(path, contents);
    }
  }
  return merged;
}

function foldersOf(path: string): string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, position) => `/${names.slice(0, position + 1).join('/')}`);
}

/** One self-contained block of an image, as `readBlock` of the runner reads it. */
export function encodeBlock(index: ImageIndex, image: Uint8Array): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify(index));
  const block = new Uint8Array(4 + header.length + image.length);
  new DataView(block.buffer).setUint32(0, header.length, true);
  block.set(header, 4);
  block.set(image, 4 + header.length);
  return block;
}
