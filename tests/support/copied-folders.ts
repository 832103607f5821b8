import type { CopiedFolder, CopiedFolders } from '../../src/contracts/copied-folders.ts';

/** What is remembered of copied folders, in memory; `fails` as where a browser keeps nothing. */
export function foldersInMemory(
  state: { fails?: boolean } = {},
): { -readonly [Name in keyof CopiedFolders]: CopiedFolders[Name] } & { readonly rows: CopiedFolder[] } {
  const rows: CopiedFolder[] = [];
  const drop = (of: Pick<CopiedFolder, 'sessionId' | 'target'>): CopiedFolder | undefined => {
    if (state.fails === true) throw new DOMException('no storage', 'InvalidStateError');
    const at = rows.findIndex(({ sessionId, target }) => sessionId === of.sessionId && target === of.target);
    return at < 0 ? undefined : rows.splice(at, 1)[0];
  };
  return {
    rows,
    async of(sessionId) {
      if (state.fails === true) throw new DOMException('no storage', 'InvalidStateError');
      return rows.filter((row) => row.sessionId === sessionId);
    },
    async begin(folder, without) {
      const before = drop(folder)?.files ?? [];
      rows.unshift({ ...folder, files: before.filter(({ path }) => !without.includes(path)) });
    },
    async add(to, files) {
      const row = drop(to);
      if (row === undefined) return false;
      const isSame = row.atMs === to.atMs;
      const merged = new Map([...row.files, ...files].map((file) => [file.path, file]));
      rows.unshift(isSame ? { ...row, files: [...merged.values()] } : row);
      return isSame;
    },
    forget: async (folder) => void drop(folder),
  };
}
