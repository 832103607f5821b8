import { Language, Parser, type TreeCursor } from 'web-tree-sitter';
import runtime from 'web-tree-sitter/web-tree-sitter.wasm';
import { servePeer } from './serve-peer.ts';

/** Every node once. */
function walk(cursor: TreeCursor): void {
  for (;;) {
    if (cursor.gotoFirstChild()) continue;
    while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return;
  }
}

// A plain worker around web-tree-sitter and one grammar: a tree and one walk over it, nothing is judged.
servePeer(async (grammar) => {
  await Parser.init({ wasmBinary: runtime.buffer });
  const parser = new Parser();
  parser.setLanguage(await Language.load(new Uint8Array(grammar)));
  return (code) => {
    const tree = parser.parse(code);
    if (!tree) throw new Error('web-tree-sitter gave no tree');
    const cursor = tree.walk();
    walk(cursor);
    cursor.delete();
    tree.delete();
  };
});
