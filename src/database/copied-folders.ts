import type { CopiedFolders } from '../contracts/copied-folders.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import { dropOldest } from './drop-oldest.ts';
import type { CompanionDatabase } from './open-database.ts';

export function createCopiedFolders({ folders, aliases }: CompanionDatabase): CopiedFolders {
  const storedAs = async (sessionId: SessionId) => ((await aliases.get(sessionId))?.storedAs ?? sessionId) as SessionId;
  return {
    async of(named) {
      const rows = await folders
        .where('sessionId')
        .equals(await storedAs(named))
        .toArray();
      return rows.toSorted((left, right) => right.atMs - left.atMs);
    },
    async begin(folder, without) {
      const sessionId = await storedAs(folder.sessionId);
      const dropped = new Set(without);
      await folders.db.transaction('rw', folders, async () => {
        const before = (await folders.get([sessionId, folder.target]))?.files ?? [];
        await folders.put({ ...folder, sessionId, files: before.filter(({ path }) => !dropped.has(path)) });
        await dropOldest(folders, 'atMs', LIMITS.copiedFoldersKept.standard);
      });
    },
    async add({ sessionId: named, target, atMs }, files) {
      const sessionId = await storedAs(named);
      return folders.db.transaction('rw', folders, async () => {
        const row = await folders.get([sessionId, target]);
        if (row?.atMs !== atMs) return false;
        const merged = new Map([...row.files, ...files].map((file) => [file.path, file]));
        await folders.put({ ...row, files: [...merged.values()] });
        return true;
      });
    },
    forget: async ({ sessionId, target }) => folders.delete([await storedAs(sessionId), target]),
  };
}
