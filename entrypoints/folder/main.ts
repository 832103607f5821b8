import { connectEngineDoor, connectRunsDoor, runsChecks } from '../../src/bridge/index.ts';
import type { CopiedFolders } from '../../src/contracts/copied-folders.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { mountFolder } from '../../src/ui/folder/index.ts';

/** The handles of folders cross no port: this page keeps them itself. No part of the first load. */
async function openFolders(): Promise<CopiedFolders> {
  const { createCopiedFolders, openDatabase } = await import('../../src/database/index.ts');
  return createCopiedFolders(openDatabase());
}

const place = document.getElementById('folder');
const ended = new AbortController();
const { signal } = ended;
addEventListener('pagehide', () => ended.abort(), { once: true });
if (place !== null) {
  const session = new URLSearchParams(location.search).get('session');
  const opened = openFolders();
  mountFolder(place, {
    doors: {
      runs: connectRunsDoor({ signal, checks: runsChecks() }),
      engine: connectEngineDoor({ signal }),
      folders: {
        of: async (sessionId) => (await opened).of(sessionId),
        begin: async (folder, without) => (await opened).begin(folder, without),
        add: async (to, files) => (await opened).add(to, files),
        forget: async (folder) => (await opened).forget(folder),
      },
    },
    sessionId: session === null ? null : sessionIdOf(session),
    signal,
  });
}
