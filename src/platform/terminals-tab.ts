import { browser } from 'wxt/browser';
import { OWN_SESSIONS } from '../contracts/ids.ts';
import { SITE_ORIGINS } from '../contracts/site.ts';
import { packageUrl } from './host-world.ts';
import { askedUnder, askToDo, type ScriptSender, serveScripts } from './script-requests.ts';
import { originOf } from './sender-origin.ts';

const MARK = 'companion-terminals';
/** As the doors bound the name of a session. */
const NAME_UTF16 = 256;

/** Where a tab stands, for another one beside it. */
interface TabPlace {
  readonly windowId: number;
  readonly index: number;
}

/** What a press asks for while its tab is still being opened or found, by its address. */
const showing = new Map<string, Promise<void>>();

/**
 * Shows the terminals of a session, of the workbench where none is named: in the tab that has them already, else in a new one in this
 * place or the browser's.
 */
export function openTerminals(sessionId: string | null, place?: TabPlace): Promise<void> {
  const of = sessionId === null ? '' : `?${new URLSearchParams({ session: sessionId }).toString()}`;
  const url = packageUrl(`/ide.html${of}`);
  const shown = showing.get(url) ?? showTab(url, place).finally(() => showing.delete(url));
  showing.set(url, shown);
  return shown;
}

async function showTab(url: string, place: TabPlace | undefined): Promise<void> {
  const tabs = await browser.runtime.getContexts({ contextTypes: ['TAB'] });
  // Behind `#` that page writes which of them is in front.
  const open = tabs.find(({ documentUrl }) => documentUrl?.split('#')[0] === url);
  if (open === undefined) await browser.tabs.create({ url, ...place });
  else {
    await browser.tabs.update(open.tabId, { active: true });
    // Phones have no windows.
    await browser.windows?.update(open.windowId, { focused: true });
  }
}

/** Asks the background to show the terminals of a session, in a tab beside this one where none has them; false where it did not. */
export const askForTerminals = (sessionId: string): Promise<boolean> => askToDo(MARK, sessionId);

/** The session that a message asks for and the place beside its tab; null where it is no such message of our script on the site. */
export function terminalsAsked(
  message: unknown,
  sender: ScriptSender,
  ownId: string,
): { readonly session: string; readonly place: TabPlace } | null {
  const session = askedUnder(MARK, message, sender, ownId);
  const place = placeBeside(sender);
  return place !== null && typeof session === 'string' && isOfSite(session) ? { session, place } : null;
}

/** Beside a tab of the site; null for what is none. */
function placeBeside(sender: ScriptSender): TabPlace | null {
  const { windowId, index } = sender.tab ?? {};
  if (!SITE_ORIGINS.includes(originOf(sender) ?? '')) return null;
  return windowId === undefined || index === undefined ? null : { windowId, index: index + 1 };
}

/** As at the host's doors: no tab of the site names a session of our own pages. */
const isOfSite = (session: string): boolean =>
  session !== '' && session.length <= NAME_UTF16 && !session.startsWith(OWN_SESSIONS);

/** Answers `askForTerminals` of our content scripts. */
export const serveTerminalRequests = ({ signal }: { readonly signal: AbortSignal }): void =>
  serveScripts(terminalsAsked, ({ session, place }) => openTerminals(session, place), signal);
