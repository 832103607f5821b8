import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE } from './paths.ts';

/**
 * The folder for `key`, made by `produce` unless it is there. `produce` works in a folder of its own that is moved into
 * place when it succeeds, so that an aborted build leaves nothing half made.
 */
export async function cached(kind: string, key: string, produce: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, kind, key);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${String(process.pid)}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    await produce(draft);
    await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its folder holds the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}
