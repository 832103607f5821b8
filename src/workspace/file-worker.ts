import type { FileReply, FileRequest } from './file-messages.ts';
import { OpenFiles } from './open-files.ts';
import type { OpfsDirectory } from './opfs-handles.ts';
import { OpfsTree } from './opfs-tree.ts';

// Our own worker, for files only: exclusive handles, many times faster than a page's, exist in dedicated workers alone.
const open = new OpenFiles();
const trees = new Map<string, OpfsTree>();

async function folderOf(name: string): Promise<OpfsDirectory> {
  const root = await navigator.storage.getDirectory();
  const sessions = await root.getDirectoryHandle('sessions', { create: true });
  // The browser's handles have more methods, and `values`, which the DOM types leave out.
  return await sessions.getDirectoryHandle(name, { create: true });
}

function treeOf(folder: string): OpfsTree {
  const known = trees.get(folder);
  if (known) return known;
  const tree = new OpfsTree({ directory: () => folderOf(folder), open, now: () => Date.now() });
  trees.set(folder, tree);
  return tree;
}

self.onmessage = async ({ data }: MessageEvent<FileRequest>) => {
  const tree = treeOf(data.folder);
  let reply: FileReply;
  if (data.ask.kind === 'all') reply = { id: data.id, kind: 'all', files: await tree.all() };
  else reply = { id: data.id, kind: 'answer', answer: await tree.perform(data.ask.operation) };
  const bytes = reply.kind === 'answer' && reply.answer.ok ? reply.answer.bytes : undefined;
  self.postMessage(reply, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]);
};
