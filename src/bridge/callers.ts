import type { CallerKind } from '../contracts/doors/door.ts';
import { SITE_ORIGINS } from '../contracts/site.ts';
import type { PortSender } from '../platform/index.ts';

/** Who calls, by what the browser stamped on the port. */
export interface Caller {
  readonly kind: CallerKind;
  /** One per tab; one for all pages of the extension that are in none. */
  readonly key: string;
}

/**
 * Null for everybody who has no business here: other extensions, frames inside the site's page, other origins. A content
 * script carries the extension's id and its page's origin; a page of ours carries our own origin.
 */
export function callerOf(sender: PortSender, ownOrigin: string): Caller | null {
  if (!sender.isOwn || sender.origin === null) return null;
  if (sender.origin === ownOrigin) return { kind: 'extension', key: keyOfOwn(sender) };
  if (!SITE_ORIGINS.includes(sender.origin) || sender.tabId === null || sender.frameId !== 0) return null;
  return { kind: 'site', key: `tab ${sender.tabId}` };
}

const keyOfOwn = ({ tabId }: PortSender): string => (tabId === null ? 'extension' : `extension, tab ${tabId}`);
