/** Files of one package by their path below site-packages. */
export type Tree = Map<string, Uint8Array>;

/** Writes a tree as one block: length of the index in four bytes, the index as JSON, then the contents. */
export function encodeTree(tree: Tree): Uint8Array {
  const names = [...tree.keys()].sort();
  const index = new TextEncoder().encode(JSON.stringify(names.map((name) => [name, tree.get(name)?.length ?? 0])));
  const bytes = names.reduce((sum, name) => sum + (tree.get(name)?.length ?? 0), 0);
  const block = new Uint8Array(4 + index.length + bytes);
  new DataView(block.buffer).setUint32(0, index.length, true);
  block.set(index, 4);
  let offset = 4 + index.length;
  for (const name of names) {
    const contents = tree.get(name);
    if (contents === undefined) continue;
    block.set(contents, offset);
    offset += contents.length;
  }
  return block;
}

/** The opposite of `encodeTree`; the contents are views of `block`. */
export function decodeTree(block: Uint8Array): Tree {
  const indexLength = new DataView(block.buffer, block.byteOffset).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(block.subarray(4, 4 + indexLength))) as [string, number][];
  const tree: Tree = new Map();
  let offset = 4 + indexLength;
  for (const [name, length] of index) {
    tree.set(name, block.subarray(offset, offset + length));
    offset += length;
  }
  return tree;
}
