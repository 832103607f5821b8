import { browser } from 'wxt/browser';
import { onAbort } from '../base/index.ts';
import { OWN_SESSIONS } from '../contracts/ids.ts';
import { SITE_ORIGINS } from '../contracts/site.ts';
import { packageUrl } from './host-world.ts';
import { originOf } from './sender-origin.ts';

const MARK = 'companion-terminals';
/** As the doors bound the name of a session. */
const NAME_UTF16 = 256;

/** Where a tab stands, for another one beside it. */
interface TabPlace {
  readonly windowId: number;
  readonly index: number;
}

/** Shows the terminals of a session in a tab of their own, in this place or the browser's; of the workbench where none is named. */
export async function openTerminals(sessionId: string | null, place?: TabPlace): Promise<void> {
  const of = sessionId === null ? '' : `?${new URLSearchParams({ session: sessionId }).toString()}`;
  await browser.tabs.create({ url: packageUrl(`/ide.html${of}`), ...place });
}

/** Asks the background to show the terminals of a session in a tab beside this one; false where it did not. */
export async function askForTerminals(sessionId: string): Promise<boolean> {
  try {
    return (await browser.runtime.sendMessage({ [MARK]: sessionId })) === true;
  } catch {
    // Nobody listens, or this script outlived its extension: the person is told.
    return false;
  }
}

interface Sender {
  readonly id?: string;
  readonly frameId?: number;
  readonly origin?: string;
  readonly url?: string;
  readonly tab?: { readonly windowId?: number | undefined; readonly index?: number | undefined };
}

/** The session that a message asks for and the place beside its tab; null where it is no such message of our script on the site. */
export function terminalsAsked(
  message: unknown,
  sender: Sender,
  ownId: string,
): { readonly session: string; readonly place: TabPlace } | null {
  const session = (message as Record<string, unknown> | null)?.[MARK];
  const place = sender.id === ownId ? placeBeside(sender) : null;
  return place !== null && typeof session === 'string' && isOfSite(session) ? { session, place } : null;
}

/** Beside the tab of a top frame of the site; null for whoever is none. */
function placeBeside(sender: Sender): TabPlace | null {
  const { windowId, index } = sender.tab ?? {};
  if (sender.frameId !== 0 || !SITE_ORIGINS.includes(originOf(sender) ?? '')) return null;
  return windowId === undefined || index === undefined ? null : { windowId, index: index + 1 };
}

/** As at the host's doors: no tab of the site names a session of our own pages. */
const isOfSite = (session: string): boolean =>
  session !== '' && session.length <= NAME_UTF16 && !session.startsWith(OWN_SESSIONS);

/** Answers `askForTerminals` of our content scripts. Other messages are left to other listeners. */
export function serveTerminalRequests({ signal }: { readonly signal: AbortSignal }): void {
  const listener = (message: unknown, sender: Sender, reply: (isOpen: boolean) => void) => {
    const asked = terminalsAsked(message, sender, browser.runtime.id);
    if (asked === null) return undefined;
    openTerminals(asked.session, asked.place).then(
      () => reply(true),
      // The window went away; the person is told.
      () => reply(false),
    );
    return true;
  };
  browser.runtime.onMessage.addListener(listener);
  onAbort(signal, () => browser.runtime.onMessage.removeListener(listener));
}
