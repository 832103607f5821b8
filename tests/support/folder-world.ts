import { fail, ok } from '../../src/base/index.ts';
import type { RunsDoor } from '../../src/contracts/doors/runs.ts';
import { appError } from '../../src/contracts/errors.ts';
import type { SessionId } from '../../src/contracts/ids.ts';
import { FolderCopy, type FolderDoors } from '../../src/ui/folder/folder-copy.ts';
import { foldersInMemory } from './copied-folders.ts';
import { createFakeRunsDoor } from './fake-runs-door.ts';

/** The copying of folders into one conversation, over doors without a host; `patch` and what is remembered may be of the test. */
export function folderWorld(patch: Partial<FolderDoors['runs']> = {}, folders = foldersInMemory()) {
  const runs = createFakeRunsDoor();
  // The host names files below the root.
  const listFiles: RunsDoor['listFiles'] = async (request) => {
    const listed = await runs.listFiles(request);
    return listed.ok
      ? ok(listed.value.map((stat) => ({ ...stat, path: stat.path.slice('/mnt/data/'.length) })))
      : listed;
  };
  const engine: FolderDoors['engine'] = {
    async readPiece({ path, position }) {
      const bytes = runs.files.get(`/mnt/data/${path}`);
      const listed = await listFiles({ sessionId: 'c' as SessionId });
      const stat = listed.ok ? listed.value.find((each) => each.path === path) : undefined;
      if (bytes === undefined || stat === undefined) return fail(appError('files/not-found'));
      return ok({ bytes: bytes.subarray(position), stat });
    },
  };
  const doors: FolderDoors = { runs: { ...runs, listFiles, ...patch }, engine, folders };
  /** A program of the conversation writes a file. */
  const write = (path: string, text: string) => runs.files.set(`/mnt/data/${path}`, new TextEncoder().encode(text));
  const texts = () =>
    Object.fromEntries(
      [...runs.files].map(([path, bytes]) => [path.replace('/mnt/data/', ''), new TextDecoder().decode(bytes)]),
    );
  return { runs, doors, folders, write, texts, copy: new FolderCopy(doors, 'c' as SessionId) };
}
