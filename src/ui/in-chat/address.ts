import { decodeSegment } from '../../base/index.ts';

export interface PageAddress {
  /** Null for a new or temporary chat. */
  readonly conversationId: string | null;
  /** A shared conversation is somebody else's and read-only; nothing of it runs. */
  readonly isShared: boolean;
}

/** Reads the site's address. Source: docs/wire.md, section 2. */
export function readAddress(pathname: string): PageAddress {
  const parts = pathname.split('/').filter((part) => part !== '');
  const at = parts.indexOf('c');
  const id = at === -1 ? undefined : parts[at + 1];
  return {
    conversationId: id === undefined || id === '' ? null : decodeSegment(id),
    isShared: parts[0] === 'share',
  };
}
