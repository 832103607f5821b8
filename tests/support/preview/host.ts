import { fail, ok } from '../../../src/base/index.ts';
import type { PreviewsDoor } from '../../../src/contracts/doors/previews.ts';
import { appError } from '../../../src/contracts/errors.ts';
import { sessionIdOf } from '../../../src/contracts/ids.ts';
import { PreviewState } from '../../../src/ui/preview/preview-state.ts';

/** What the test answers for the guest: a real server on the loopback. */
declare function askServer(request: AskedServer): Promise<AnsweredServer>;

export interface AskedServer {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

export interface AnsweredServer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly [string, string][];
  readonly body: string;
}

const toText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** The page around a preview, as the workbench has it, with a door that leads to a server of the test. */
const door: Pick<PreviewsDoor, 'fetch' | 'watchServers' | 'openSocket'> = {
  fetch: async ({ port, method, path, headers, body }) => {
    const asked = { port, method, path, headers, body: body && btoa(toText(body)) };
    const answer = await askServer(asked).catch(() => null);
    if (!answer) return fail(appError('preview/broke-off'));
    return ok({ ...answer, body: Uint8Array.from(atob(answer.body), (letter) => letter.charCodeAt(0)) });
  },
  watchServers: () => undefined,
  openSocket: ({ path, protocols, onEvent }) => {
    onEvent({ kind: 'open', protocol: protocols[0] ?? '' });
    onEvent({ kind: 'text', text: `connected ${path}` });
    onEvent({ kind: 'closed', code: 1000, reason: 'bye', wasClean: true });
  },
};

const place = document.createElement('div');
document.body.append(place);
const state = new PreviewState(
  {
    door: door as PreviewsDoor,
    sessionId: sessionIdOf('own:preview'),
    pageUrl: '/preview.html',
    signal: new AbortController().signal,
  },
  place,
);
Object.assign(globalThis, { host: state });
