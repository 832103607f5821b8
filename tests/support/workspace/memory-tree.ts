import type { SessionFiles } from '../../../src/contracts/files.ts';
import { OpenFiles } from '../../../src/workspace/store/open-files.ts';
import { StoredTree } from '../../../src/workspace/store/stored-tree.ts';
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
  return { mountPath: '/mnt/data', perform: (operation) => tree.perform(operation), all: () => tree.all() };
}
