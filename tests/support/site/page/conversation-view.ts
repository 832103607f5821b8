import type { WireMessage } from '../wire/message.ts';

/** One question with everything that answers it. */
export interface Exchange {
  /** Id of the person's message. */
  readonly key: string;
  readonly question: WireMessage;
  readonly replies: WireMessage[];
}

/** The messages of the conversation on screen, in the order in which they came. */
export class ConversationView {
  id: string | null = null;
  title = '';
  isRunning = false;
  previousCursor: string | null = null;
  readonly #messages = new Map<string, WireMessage>();

  clear(id: string | null): void {
    this.id = id;
    this.title = '';
    this.isRunning = false;
    this.previousCursor = null;
    this.#messages.clear();
  }

  put(message: WireMessage): void {
    this.#messages.set(message.id, message);
  }

  prepend(messages: readonly WireMessage[]): void {
    const later = [...this.#messages.values()];
    this.#messages.clear();
    for (const message of [...messages, ...later]) this.#messages.set(message.id, message);
  }

  /** Drops everything after a message, for an answer that is made again. */
  cutAfter(id: string): void {
    let isAfter = false;
    for (const key of [...this.#messages.keys()]) {
      if (isAfter) this.#messages.delete(key);
      if (key === id) isAfter = true;
    }
  }

  /** Drops a message and everything after it; answers with the id before it. */
  cutFrom(id: string): string | null {
    const keys = [...this.#messages.keys()];
    const at = keys.indexOf(id);
    if (at < 0) return this.lastId;
    for (const key of keys.slice(at)) this.#messages.delete(key);
    return keys[at - 1] ?? null;
  }

  get lastId(): string | null {
    return [...this.#messages.keys()].at(-1) ?? null;
  }

  exchanges(): Exchange[] {
    const found: Exchange[] = [];
    for (const message of this.#messages.values()) {
      if (isHidden(message)) continue;
      if (message.author.role === 'user') found.push({ key: message.id, question: message, replies: [] });
      else found.at(-1)?.replies.push(message);
    }
    return found;
  }
}

export function isHidden(message: WireMessage): boolean {
  const { role } = message.author;
  return message.metadata['is_visually_hidden_from_conversation'] === true || role === 'system' || role === 'developer';
}

/** True for what the model makes before it answers. Such a call has no row of its own. */
export function isThinking(message: WireMessage): boolean {
  return message.channel === 'analysis' || message.metadata['reasoning_status'] !== undefined;
}

export type Part =
  | { readonly kind: 'prose'; readonly message: WireMessage; readonly text: string; readonly isFinal: boolean }
  | { readonly kind: 'run'; readonly message: WireMessage; readonly result: WireMessage | null }
  | { readonly kind: 'thoughts'; readonly message: WireMessage; readonly summary: string }
  | { readonly kind: 'image'; readonly message: WireMessage; readonly pointer: string };

/** What of an answer is drawn, message by message. */
export function partsOf(exchange: Exchange): Part[] {
  const parts: Part[] = [];
  const waiting: { at: number; message: WireMessage }[] = [];
  for (const message of exchange.replies) {
    const type = message.content['content_type'];
    if (message.author.role === 'assistant' && message.recipient.startsWith('python')) {
      waiting.push({ at: parts.length, message });
      parts.push({ kind: 'run', message, result: null });
    } else if (type === 'execution_output') {
      const call = waiting.shift();
      if (call !== undefined) parts[call.at] = { kind: 'run', message: call.message, result: message };
    } else if (type === 'thoughts') {
      parts.push({ kind: 'thoughts', message, summary: summaryOf(message) });
    } else if (type === 'multimodal_text') {
      parts.push({ kind: 'image', message, pointer: pointerOf(message) });
    } else if (message.author.role === 'assistant' && message.recipient === 'all' && type === 'text') {
      parts.push({ kind: 'prose', message, text: textOf(message), isFinal: message.channel !== 'commentary' });
    }
  }
  return parts;
}

export function textOf(message: WireMessage): string {
  const parts = message.content['parts'];
  if (Array.isArray(parts)) return parts.filter((part) => typeof part === 'string').join('\n');
  return String(message.content['text'] ?? '');
}

function summaryOf(message: WireMessage): string {
  const thoughts = message.content['thoughts'];
  const first: unknown = Array.isArray(thoughts) ? thoughts[0] : null;
  return typeof first === 'object' && first !== null && 'summary' in first ? String(first.summary) : '';
}

function pointerOf(message: WireMessage): string {
  const parts = message.content['parts'];
  const first: unknown = Array.isArray(parts) ? parts[0] : null;
  return typeof first === 'object' && first !== null && 'asset_pointer' in first ? String(first.asset_pointer) : '';
}
