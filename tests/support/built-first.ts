import { ensureBuilt } from '../../tools/build.ts';

/** Before any file of a suite: two files that find an old build would both make it anew, into one folder. */
export default async function buildFirst(): Promise<void> {
  await ensureBuilt('chrome');
  await ensureBuilt('firefox');
}
