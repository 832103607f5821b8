import type { CopiedFolder, CopiedFolders } from '../../src/contracts/copied-folders.ts';

/** What is remembered of copied folders, in memory; `fails` as where a browser keeps nothing. */
export function foldersInMemory(state: { fails?: boolean } = {}): CopiedFolders & { readonly rows: CopiedFolder[] } {
  const rows: CopiedFolder[] = [];
  const drop = (of: Pick<CopiedFolder, 'sessionId' | 'target'>) => {
    if (state.fails === true) throw new DOMException('no storage', 'InvalidStateError');
    const at = rows.findIndex(({ sessionId, target }) => sessionId === of.sessionId && target === of.target);
    if (at >= 0) rows.splice(at, 1);
  };
  return {
    rows,
    async of(sessionId) {
      if (state.fails === true) throw new DOMException('no storage', 'InvalidStateError');
      return rows.filter((row) => row.sessionId === sessionId);
    },
    async keep(folder) {
      drop(folder);
      rows.unshift(folder);
    },
    forget: async (folder) => drop(folder),
  };
}
