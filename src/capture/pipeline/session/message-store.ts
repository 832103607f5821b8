import flru, { type flruCache } from 'flru';
import type { CapturedMessage } from '../../../contracts/capture.ts';
import { isObject, messageKey, readMessage, textOrNull, type JsonObject } from '../../../wire/index.ts';

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
  parentId: string | null;
  isFinished: boolean;
}

export interface MessageStoreOptions {
  readonly messagesKept: number;
  readonly onRename: (entry: MessageEntry, previousKey: string) => void;
}

const NONE: readonly MessageEntry[] = [];

/** The messages of a page by conversation and id (rules M3, M5), the least recently used dropped beyond a bound. */
export class MessageStore {
  readonly #entries: flruCache<MessageEntry>;
  readonly #firstById: flruCache<MessageEntry>;
  readonly #byRaw = new WeakMap<JsonObject, MessageEntry>();
  readonly #onRename: MessageStoreOptions['onRename'];
  #changed = new Set<MessageEntry>();
  #count = 0;
  #kept: MessageEntry | null = null;
  #keptAs = '';

  constructor({ messagesKept, onRename }: MessageStoreOptions) {
    this.#onRename = onRename;
    this.#entries = flru(messagesKept);
    this.#firstById = flru(messagesKept);
  }

  /** Takes a message's new state. Null when it is no message, or an older state of a finished one. */
  take(raw: JsonObject, conversationId: string | null, parentId: string | null): MessageEntry | null {
    const { id, author, status } = raw as { id?: unknown; author?: unknown; status?: unknown };
    if (typeof id !== 'string' || !isObject(author)) return null;
    const entry = this.#entryOf(raw, id, conversationId);
    this.#keep(entry);
    if (entry.isFinished && status === 'in_progress') return null;
    if (entry.raw !== raw) {
      entry.raw = raw;
      this.#byRaw.set(raw, entry);
    }
    entry.parentId = parentOf(raw) ?? parentId ?? entry.parentId;
    entry.isFinished = typeof status === 'string' && status.startsWith('finished');
    entry.view = null;
    // A finished message must not follow its document if that goes back to being written.
    if (entry.isFinished) this.view(entry);
    this.#changed.add(entry);
    return entry;
  }

  /** Keeps what a message says now, before its object may become another message. */
  settle(raw: JsonObject): void {
    const entry = this.#byRaw.get(raw);
    if (entry) this.view(entry);
  }

  view(entry: MessageEntry): CapturedMessage {
    entry.view ??= readMessage(entry.raw, entry.messageId, entry.conversationId, entry.parentId);
    return entry.view;
  }

  find(conversationId: string | null, messageId: string): MessageEntry | null {
    const key = messageKey(conversationId, messageId);
    const entry = this.#entries.get(key);
    // A renamed entry is still under its earlier key.
    return entry?.key === key ? entry : null;
  }

  /** The messages that changed since the last call, in order of their first change. */
  takeChanged(): Iterable<MessageEntry> {
    if (this.#changed.size === 0) return NONE;
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  #entryOf(raw: JsonObject, messageId: string, conversationId: string | null): MessageEntry {
    const bound = this.#byRaw.get(raw);
    if (bound?.messageId === messageId && (conversationId === null || bound.conversationId === conversationId))
      return bound;
    if (conversationId === null) {
      return this.#firstById.get(messageId) ?? this.#create(raw, messageId, null);
    }
    const known = this.find(conversationId, messageId);
    if (known) return known;
    const nameless = this.find(null, messageId);
    if (!nameless) return this.#create(raw, messageId, conversationId);
    this.#rename(nameless, conversationId);
    return nameless;
  }

  #create(raw: JsonObject, messageId: string, conversationId: string | null): MessageEntry {
    this.#count += 1;
    const entry: MessageEntry = {
      key: messageKey(conversationId, messageId),
      order: this.#count,
      messageId,
      conversationId,
      raw,
      view: null,
      parentId: null,
      isFinished: false,
    };
    this.#byRaw.set(raw, entry);
    return entry;
  }

  /** Used now: the least recently used are dropped. */
  #keep(entry: MessageEntry): void {
    // A message that is being written is the last one used, frame after frame.
    if (entry === this.#kept && entry.key === this.#keptAs) return;
    this.#kept = entry;
    this.#keptAs = entry.key;
    this.#entries.set(entry.key, entry);
    if (!this.#firstById.get(entry.messageId)) this.#firstById.set(entry.messageId, entry);
  }

  #rename(entry: MessageEntry, conversationId: string): void {
    const previousKey = entry.key;
    entry.conversationId = conversationId;
    entry.key = messageKey(conversationId, entry.messageId);
    if (entry.view) entry.view = { ...entry.view, key: entry.key, conversationId };
    this.#onRename(entry, previousKey);
  }
}

function parentOf(raw: JsonObject): string | null {
  const { metadata } = raw as { metadata?: unknown };
  return isObject(metadata) ? textOrNull(metadata['parent_id']) : null;
}
