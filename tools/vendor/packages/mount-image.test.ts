import { describe, expect, test } from 'vitest';
import { buildImage, encodeBlock } from './image.ts';
import type { EmscriptenModule, MemoryFileNode } from '../../../src/runners/python/heap/index.ts';
import { mountBlock, mountOnDemand, readBlock } from '../../../src/runners/python/heap/index.ts';

/** As much of Emscripten's memory file system as mounting touches. */
function memoryFiles(existing: readonly string[]): { main: EmscriptenModule; nodes: Map<string, MemoryFileNode> } {
  const nodes = new Map<string, MemoryFileNode>();
  const paths = new Map<MemoryFileNode, string>();
  const add = (path: string): MemoryFileNode => {
    const node: MemoryFileNode = {
      contents: null,
      usedBytes: 0,
      stream_ops: {
        write(stream, bytes, position) {
          stream.node.contents?.set(bytes as Uint8Array, position as number);
          return (bytes as Uint8Array).length;
        },
      },
      node_ops: { mknod: (parent, name) => add(`${paths.get(parent) ?? ''}/${name}`) },
    };
    nodes.set(path, node);
    paths.set(node, path);
    return node;
  };
  for (const path of existing) add(path);
  const nodeAt = (path: string): MemoryFileNode => {
    const node = nodes.get(path);
    if (!node) throw new Error(`no ${path}`);
    return node;
  };
  const FS = {
    mkdir: add,
    lookupPath: (path: string) => ({ node: nodeAt(path) }),
    readdir: (path: string) =>
      [...nodes.keys()]
        .filter((other) => other.slice(0, other.lastIndexOf('/')) === path)
        .map((other) => other.slice(path.length + 1)),
  };
  return { main: { FS } as unknown as EmscriptenModule, nodes };
}

const SITE = '/lib/site-packages';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('mounting an image', () => {
  const built = buildImage(
    [
      new Map([
        ['a/__init__.pyc', bytes('same')],
        ['a/b/c.so', bytes('code')],
        ['d.pyc', bytes('same')],
      ]),
    ],
    SITE,
  );
  const block = encodeBlock(built.index, built.image);

  test('reads a file on demand when it is first looked into, and keeps what is written', () => {
    const { main, nodes } = memoryFiles([SITE]);
    const reads: number[] = [];
    mountOnDemand(main, built.index, (offset, length) => {
      reads.push(length);
      return built.image.slice(offset, offset + length);
    });
    const [code, other] = [nodes.get(`${SITE}/a/b/c.so`), nodes.get(`${SITE}/d.pyc`)];
    expect(reads).toEqual([]);
    expect([code?.usedBytes, other?.usedBytes]).toEqual([4, 4]);
    expect(new TextDecoder().decode(code?.contents ?? undefined)).toBe('code');
    code?.contents?.set(bytes('C'));
    expect(new TextDecoder().decode(code?.contents ?? undefined)).toBe('Code');
    if (other) other.contents = bytes('written whole');
    expect(new TextDecoder().decode(other?.contents ?? undefined)).toBe('written whole');
    expect(reads).toEqual([4]);
  });

  test('reads back what the build wrote', () => {
    const { index, image, imageStart } = readBlock(block);
    expect(index).toEqual(built.index);
    expect(image).toEqual(built.image);
    const [, offset, length] = index.entries.find(([path]) => path.endsWith('.so')) ?? ['', 0, 0];
    expect(block.subarray(imageStart + offset, imageStart + offset + length)).toEqual(bytes('code'));
  });

  test('makes files views of the image, in folders made on the way', () => {
    const { main, nodes } = memoryFiles(['/lib', SITE]);
    mountBlock(main, block);
    expect(nodes.get(`${SITE}/a/b/c.so`)?.contents).toEqual(bytes('code'));
    expect(nodes.get(`${SITE}/a/b/c.so`)?.contents?.buffer).toBe(block.buffer);
    expect(nodes.has(`${SITE}/a/b`)).toBe(true);
  });

  test('copies a file before the first write, so that other files and workers keep their bytes', () => {
    const { main, nodes } = memoryFiles(['/lib', SITE]);
    mountBlock(main, block);
    const node = nodes.get(`${SITE}/d.pyc`);
    if (!node) throw new Error('not mounted');
    node.stream_ops.write({ node }, bytes('XY'), 0);
    expect(node.contents).toEqual(bytes('XYme'));
    expect(nodes.get(`${SITE}/a/__init__.pyc`)?.contents).toEqual(bytes('same'));
  });

  test('keeps folders that are there', () => {
    const { main, nodes } = memoryFiles(['/lib', SITE, `${SITE}/a`, `${SITE}/a/old.pyc`]);
    const before = nodes.get(`${SITE}/a`);
    mountBlock(main, block);
    expect(nodes.get(`${SITE}/a`)).toBe(before);
  });
});
