import type { FileAnswer } from '../contracts/files.ts';
import type { FileReply, FileRequest } from './file-messages.ts';
import { OpenTrees } from './store/open-trees.ts';

// Our own worker, for files only: exclusive handles, many times faster than a page's, exist in dedicated workers alone.
const trees = new OpenTrees({
  // The browser's handles have more methods, and `values`, which the DOM types leave out.
  root: () => navigator.storage.getDirectory(),
  now: () => Date.now(),
  pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
});

function answer({ folder, ask }: FileRequest): Promise<FileAnswer> {
  const tree = trees.of(folder);
  if (ask.kind === 'perform') return tree.perform(ask.operation);
  if (ask.kind === 'damaged') return tree.damaged();
  return ask.kind === 'all' ? tree.list() : tree.flush();
}

self.onmessage = async ({ data }: MessageEvent<FileRequest>) => {
  const reply: FileReply = { id: data.id, answer: await answer(data) };
  const bytes = reply.answer.ok ? reply.answer.bytes : undefined;
  self.postMessage(reply, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]);
};
