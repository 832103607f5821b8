import { connectEngineDoor, connectTerminalsDoor } from '../../src/bridge/index.ts';
import { OWN_SESSIONS, sessionIdOf } from '../../src/contracts/ids.ts';
import { requestHostAccess } from '../../src/platform/index.ts';
import { mountTerminals } from '../../src/ui/terminal/index.ts';

// The workbench's page; its terminals are what there is of it so far.
const place = document.getElementById('ide');
const ended = new AbortController();
const { signal } = ended;
addEventListener('pagehide', () => ended.abort(), { once: true });
if (place !== null) {
  const session = new URLSearchParams(location.search).get('session');
  mountTerminals(place, {
    door: connectTerminalsDoor({ signal }),
    engine: connectEngineDoor({ signal }),
    requestHostAccess,
    sessionId: sessionIdOf(session ?? `${OWN_SESSIONS}workbench`),
    signal,
  });
}
