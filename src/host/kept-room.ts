import type { SessionId } from '../contracts/ids.ts';
import { machineNameOf, ownerOfFiles } from '../execution/index.ts';
import type { Workspace } from '../workspace/index.ts';

const MB = 1024 * 1024;
const inMB = (bytes: number): string => `${Math.ceil(bytes / MB)} MB`;
const sumOf = (sizes: Iterable<number>): number => [...sizes].reduce((sum, bytes) => sum + bytes, 0);

export interface KeptRoomParts {
  readonly savedSizes: () => Promise<ReadonlyMap<SessionId, number>>;
  readonly workspace: Pick<Workspace, 'filesOf'>;
  /** Bytes that the browser stores for the extension. */
  readonly usedBytes: () => Promise<number>;
}

/** What takes room and can be let go, for who has none left; null where that cannot be told. */
export function createKeptRoom({ savedSizes, workspace, usedBytes }: KeptRoomParts) {
  return async (sessionId: SessionId): Promise<string | null> => {
    try {
      const [sizes, files, used] = await Promise.all([savedSizes(), workspace.filesOf(sessionId).all(), usedBytes()]);
      const own = [...sizes].filter(([engine]) => ownerOfFiles(engine) === sessionId);
      const named = own.map(([engine, bytes]) => `${machineNameOf(engine) ?? 'its usual machine'} ${inMB(bytes)}`);
      const ofFiles = sumOf(files.map(({ sizeBytes }) => sizeBytes));
      return [
        `The extension keeps ${inMB(used)} in all.`,
        `Of that, saved machines take ${inMB(sumOf(sizes.values()))}${named.length > 0 ? ` (of this conversation: ${named.join(', ')})` : ''},`,
        `and the files of this conversation ${inMB(ofFiles)}.`,
      ].join(' ');
    } catch (cause) {
      // The failure itself says what to do.
      console.warn('not known what takes the room', cause);
      return null;
    }
  };
}
