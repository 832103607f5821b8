import { connectRunsDoor, runsChecks } from '../../src/bridge/index.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { mountFolder } from '../../src/ui/folder/index.ts';

const place = document.getElementById('folder');
const ended = new AbortController();
const { signal } = ended;
addEventListener('pagehide', () => ended.abort(), { once: true });
if (place !== null) {
  const session = new URLSearchParams(location.search).get('session');
  mountFolder(place, {
    runs: connectRunsDoor({ signal, checks: runsChecks() }),
    sessionId: session === null ? null : sessionIdOf(session),
    signal,
  });
}
