import type { FileOperation, SessionFiles } from '../../../src/contracts/files.ts';
import { OpenFiles } from '../../../src/workspace/store/open-files.ts';
import { StoredTree } from '../../../src/workspace/store/stored-tree.ts';
import { tellOf, Watchers } from '../../../src/workspace/watchers.ts';
import { createMemoryOpfs } from '../memory-opfs.ts';

/** The product's own tree over a store that lives in this process. */
export function filesInMemory(mostBytes?: number): SessionFiles {
  const store = createMemoryOpfs();
  const tree = new StoredTree({
    directory: async () => store.root,
    open: new OpenFiles(async () => undefined),
    now: () => 1_700_000_000_000,
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
  const watchers = new Watchers<'it'>();
  return {
    mountPath: '/mnt/data',
    async perform(operation: FileOperation) {
      const answer = await tree.perform(operation);
      if (answer.ok) tellOf(operation, (change) => watchers.tell('it', change));
      return answer;
    },
    all: () => tree.all(),
    onChange: (listener, { signal }) => watchers.add('it', listener, signal),
  };
}
