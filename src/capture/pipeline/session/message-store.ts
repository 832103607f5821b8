import flru from 'flru';
import type { CapturedMessage } from '../../../contracts/capture.ts';
import { isObject, messageKey, readGrown, readMessage, textOrNull, type JsonObject } from '../../../wire/index.ts';

/** One message of the page, and what it says, read only when somebody asks. */
export interface MessageEntry {
  key: string;
  /** Counts messages in order of first sight. */
  readonly order: number;
  readonly messageId: string;
  conversationId: string | null;
  /** The site's own object; a document of a running stream changes it in place. */
  raw: JsonObject;
  view: CapturedMessage | null;
  /** The text is longer than the view says. */
  hasGrown: boolean;
  parentId: string | null;
  isFinished: boolean;
  /** Its tool and its content type were looked at. */
  isNoticed: boolean;
  /** It is among those to be handed over. */
  isChanged: boolean;
}

export interface MessageStoreOptions {
  readonly messagesKept: number;
  readonly onRename: (entry: MessageEntry, previousKey: string) => void;
}

const NONE: readonly MessageEntry[] = [];

export type MessageStore = ReturnType<typeof createMessageStore>;

/** The messages of a page by conversation and id (rules M3, M5), the least recently used dropped beyond a bound. */
export function createMessageStore({ messagesKept, onRename }: MessageStoreOptions) {
  const byRaw = new WeakMap<JsonObject, MessageEntry>();
  let changed: MessageEntry[] | null = null;
  let count = 0;
  let last: MessageEntry | null = null;
  let lastKey = '';
  const entries = flru<MessageEntry>(messagesKept);
  const firstById = flru<MessageEntry>(messagesKept);
  const lastById = flru<MessageEntry>(messagesKept);

  const view = (entry: MessageEntry): CapturedMessage => {
    const { view: before, hasGrown } = entry;
    if (before && !hasGrown) return before;
    const now = before
      ? readGrown(before, entry.raw)
      : readMessage(entry.raw, entry.messageId, entry.conversationId, entry.parentId);
    entry.view = now;
    entry.hasGrown = false;
    return now;
  };

  const find = (conversationId: string | null, messageId: string): MessageEntry | null => {
    const key = messageKey(conversationId, messageId);
    const entry = entries.get(key);
    // A renamed entry is still under its earlier key.
    return entry?.key === key ? entry : null;
  };

  const entryOf = (raw: JsonObject, messageId: string, conversationId: string | null): MessageEntry => {
    const bound = byRaw.get(raw);
    if (bound?.messageId === messageId && (conversationId === null || bound.conversationId === conversationId))
      return bound;
    if (conversationId === null) {
      return firstById.get(messageId) ?? create(raw, messageId, null);
    }
    const known = find(conversationId, messageId);
    if (known) return known;
    const nameless = find(null, messageId);
    if (!nameless) return create(raw, messageId, conversationId);
    rename(nameless, conversationId);
    return nameless;
  };

  const create = (raw: JsonObject, messageId: string, conversationId: string | null): MessageEntry => {
    count += 1;
    const entry: MessageEntry = {
      key: messageKey(conversationId, messageId),
      order: count,
      messageId,
      conversationId,
      raw,
      view: null,
      hasGrown: false,
      parentId: null,
      isFinished: false,
      isNoticed: false,
      isChanged: false,
    };
    byRaw.set(raw, entry);
    return entry;
  };

  /** Used now: the least recently used are dropped. */
  const keep = (entry: MessageEntry): void => {
    // A message that is being written is the last one used, frame after frame.
    if (entry === last && entry.key === lastKey) return;
    last = entry;
    lastKey = entry.key;
    entries.set(entry.key, entry);
    if (!firstById.get(entry.messageId)) firstById.set(entry.messageId, entry);
    lastById.set(entry.messageId, entry);
  };

  const rename = (entry: MessageEntry, conversationId: string): void => {
    const previousKey = entry.key;
    entry.conversationId = conversationId;
    entry.key = messageKey(conversationId, entry.messageId);
    if (entry.view) entry.view = { ...entry.view, key: entry.key, conversationId };
    onRename(entry, previousKey);
  };

  const noteChange = (entry: MessageEntry): MessageEntry => {
    if (entry.isChanged) return entry;
    entry.isChanged = true;
    if (changed) changed.push(entry);
    else changed = [entry];
    return entry;
  };

  return {
    /** Takes a message's new state. Null when it is no message, or an older state of a finished one. */
    take(raw: JsonObject, conversationId: string | null, parentId: string | null): MessageEntry | null {
      const { id, author, status } = raw as { id?: unknown; author?: unknown; status?: unknown };
      if (typeof id !== 'string' || !isObject(author)) return null;
      const entry = entryOf(raw, id, conversationId);
      keep(entry);
      if (entry.isFinished && status === 'in_progress') return null;
      entry.raw = raw;
      // Also where the entry had this object before: the message may have been taken under another name since.
      if (byRaw.get(raw) !== entry) byRaw.set(raw, entry);
      entry.parentId = parentOf(raw) ?? parentId ?? entry.parentId;
      entry.isFinished = typeof status === 'string' && status.startsWith('finished');
      entry.view = null;
      // A finished message must not follow its document if that goes back to being written.
      if (entry.isFinished) view(entry);
      return noteChange(entry);
    },
    /**
     * Takes a longer text of a message that has not changed in any other way. Null when it is not as this object was
     * taken, under this conversation: another copy of it may have come between. Then `take` must decide.
     */
    grow(raw: JsonObject, conversationId: string | null): MessageEntry | null {
      const entry = byRaw.get(raw);
      const isAsTaken =
        entry?.raw === raw &&
        entry.messageId === raw['id'] &&
        (conversationId === null || entry.conversationId === conversationId) &&
        !entry.isFinished;
      if (!isAsTaken) return null;
      keep(entry);
      entry.hasGrown = true;
      return noteChange(entry);
    },
    /** Keeps what a message says now, before its object may become another message. */
    settle(raw: JsonObject): void {
      const entry = byRaw.get(raw);
      if (entry) view(entry);
    },
    view,
    find,
    /** The message of this id that was taken last, whatever its conversation. */
    findById: (messageId: string): MessageEntry | null => lastById.get(messageId) ?? null,
    /** The messages that changed since the last call, in order of their first change. */
    takeChanged(): readonly MessageEntry[] {
      const before = changed ?? NONE;
      changed = null;
      for (const entry of before) entry.isChanged = false;
      return before;
    },
  };
}

function parentOf(raw: JsonObject): string | null {
  const { metadata } = raw as { metadata?: unknown };
  return isObject(metadata) ? textOrNull(metadata['parent_id']) : null;
}
