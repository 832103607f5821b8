import type { CopiedFolders } from '../contracts/copied-folders.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
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
    async keep(folder) {
      const sessionId = await storedAs(folder.sessionId);
      await folders.db.transaction('rw', folders, async () => {
        await folders.put({ ...folder, sessionId });
        const tooMany = (await folders.count()) - LIMITS.copiedFoldersKept.standard;
        if (tooMany > 0) await folders.orderBy('atMs').limit(tooMany).delete();
      });
    },
    forget: async ({ sessionId, target }) => folders.delete([await storedAs(sessionId), target]),
  };
}
