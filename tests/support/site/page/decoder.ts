import type { WireMessage } from '../wire/message.ts';
import type { SseEvent } from './sse.ts';

type Json = Record<string, unknown>;

export interface DecoderEvents {
  readonly onMessage: (message: WireMessage, conversationId: string) => void;
  readonly onSide: (value: Json) => void;
  readonly onDone: () => void;
}

/** The page's own reader of streams: delta v1, legacy snapshots, and the drifted shape that only it knows. */
export class PageDecoder {
  readonly #events: DecoderEvents;
  readonly #documents = new Map<number, Json>();
  readonly #slots = new Map<string, Json>();
  #carried = { c: 0, o: 'add', p: '' };

  constructor(events: DecoderEvents) {
    this.#events = events;
  }

  read({ name, data }: SseEvent): void {
    if (data.trim() === '[DONE]') return this.#events.onDone();
    const value: unknown = JSON.parse(data);
    if (name === 'delta_encoding' || typeof value === 'string') return this.#restart();
    if (!isRecord(value)) return;
    if (name === 'node' || name === 'grow' || name === 'seal' || name === 'note') return this.#drifted(name, value);
    if (typeof value['type'] === 'string')
      return this.#item(value['type'], value) ? undefined : this.#events.onSide(value);
    if (isRecord(value['message'])) return this.#show(value);
    this.#frame(value);
  }

  #restart(): void {
    this.#documents.clear();
    this.#carried = { c: 0, o: 'add', p: '' };
  }

  #frame(frame: Json): void {
    if (typeof frame['c'] === 'number') this.#carried.c = frame['c'];
    if (typeof frame['o'] === 'string') this.#carried.o = frame['o'];
    if (typeof frame['p'] === 'string') this.#carried.p = frame['p'];
    if (!('v' in frame)) return;
    const { c, o, p } = this.#carried;
    const value = frame['v'];
    const isNew = frame['o'] === undefined && frame['p'] === undefined && isRecord(value) && isRecord(value['message']);
    if ((isNew || p === '') && (isNew || o === 'add' || o === 'replace') && isRecord(value)) {
      this.#documents.set(c, structuredClone(value));
    } else {
      const document = this.#documents.get(c);
      if (document === undefined) return;
      apply(document, o, p, value);
    }
    const document = this.#documents.get(c);
    if (document !== undefined) this.#show(document);
  }

  /** True for an event of an item, which is kept like the document of a channel. */
  #item(type: string, value: Json): boolean {
    const item = value['item'];
    const id = String(isRecord(item) ? item['id'] : value['item_id']);
    if (type === 'add-item' || type === 'replace-item' || type === 'stream-item-start') {
      if (!isRecord(item)) return true;
      this.#slots.set(id, { ...structuredClone(item), conversation_id: value['conversation_id'] });
    } else if (type === 'stream-item-patch') {
      const document = this.#slots.get(id);
      if (document !== undefined) apply(document, 'patch', '', value['patches']);
    } else if (type === 'delete-item') this.#slots.delete(id);
    else return type === 'stream-item-done';
    const document = this.#slots.get(id);
    if (document !== undefined) this.#show(document);
    return true;
  }

  #drifted(name: string, value: Json): void {
    if (name === 'note') {
      if (isRecord(value['note'])) this.#events.onSide(value['note']);
      return;
    }
    const slot = String(value['slot']);
    if (name === 'grow') {
      const document = this.#slots.get(slot);
      if (document === undefined) return;
      apply(document, 'append', String(value['at']), value['more']);
      return this.#show(document);
    }
    const before = this.#slots.get(slot);
    const document = {
      message: structuredClone(value['node']),
      conversation_id: value['thread'] ?? before?.['conversation_id'],
    };
    this.#slots.set(slot, document);
    this.#show(document);
  }

  #show(document: Json): void {
    const message = document['message'];
    if (isRecord(message))
      this.#events.onMessage(
        structuredClone(message) as unknown as WireMessage,
        String(document['conversation_id'] ?? ''),
      );
  }
}

function apply(document: Json, operation: string, path: string, value: unknown): void {
  if (operation === 'patch' && Array.isArray(value)) {
    for (const part of value as unknown[]) {
      if (isRecord(part)) apply(document, String(part['o']), `${path}${String(part['p'] ?? '')}`, part['v']);
    }
    return;
  }
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop();
  if (last === undefined) return;
  let holder: unknown = document;
  for (const key of keys) holder = isRecord(holder) ? holder[key] : undefined;
  if (!isRecord(holder)) return;
  const before = holder[last];
  if (operation === 'truncate' && typeof before === 'string') holder[last] = before.slice(0, Number(value));
  else if (operation === 'remove') Reflect.deleteProperty(holder, last);
  else if (operation === 'append') holder[last] = appended(before, value);
  else holder[last] = value;
}

function appended(before: unknown, more: unknown): unknown {
  if (typeof before === 'string' && typeof more === 'string') return before + more;
  if (Array.isArray(before)) return before.concat(more);
  if (isRecord(before) && isRecord(more)) return { ...before, ...more };
  return more;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
