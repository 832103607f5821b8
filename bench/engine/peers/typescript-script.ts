import ts from 'typescript';
import { servePeer } from './serve-peer.ts';

// A plain worker around TypeScript's own parser: a tree and one walk over it, nothing is judged.
servePeer(async () => (code) => {
  const walk = (node: ts.Node): void => ts.forEachChild(node, walk);
  walk(ts.createSourceFile('x.ts', code, ts.ScriptTarget.Latest, true));
});
