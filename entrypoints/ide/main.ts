import { connectEngineDoor, connectPreviewsDoor, connectTerminalsDoor } from '../../src/bridge/index.ts';
import { OWN_SESSIONS, sessionIdOf } from '../../src/contracts/ids.ts';
import { packageUrl, requestHostAccess } from '../../src/platform/index.ts';
import { mountPreview } from '../../src/ui/preview/index.ts';
import { mountTerminals } from '../../src/ui/terminal/index.ts';

// The workbench's page; terminals and the preview of servers are what there is of it so far.
const place = document.getElementById('ide');
const row = document.getElementById('places');
const preview = document.getElementById('preview');
const ended = new AbortController();
const { signal } = ended;
addEventListener('pagehide', () => ended.abort(), { once: true });
if (place && row && preview) {
  const session = new URLSearchParams(location.search).get('session');
  const sessionId = sessionIdOf(session ?? `${OWN_SESSIONS}workbench`);
  mountTerminals(place, {
    door: connectTerminalsDoor({ signal }),
    engine: connectEngineDoor({ signal }),
    requestHostAccess,
    sessionId,
    signal,
  });
  const pageUrl = packageUrl('/preview.html');
  mountPreview(
    { row, terminals: place, preview },
    { door: connectPreviewsDoor({ signal }), sessionId, pageUrl, signal },
  );
}
