import type { SiteOutput } from '../../../contracts/capture.ts';
import { isPythonCall, type SiteResult } from '../../../wire/index.ts';
import type { MessageEntry, MessageStore } from './message-store.ts';

const HOPS_THROUGH_SYSTEM = 5;

/** Finds the call that a result of the site belongs to (rule O1). */
export class ResultPairing {
  readonly #store: MessageStore;
  readonly #kept: number;
  readonly #calls = new Set<MessageEntry>();
  readonly #results = new Map<MessageEntry, SiteOutput>();

  constructor(store: MessageStore, kept: number) {
    this.#store = store;
    this.#kept = kept;
  }

  noteCall(entry: MessageEntry): void {
    this.#calls.add(entry);
    if (this.#calls.size <= this.#kept) return;
    const oldest = this.#calls.values().next();
    if (!oldest.done) this.#calls.delete(oldest.value);
  }

  /** Returns the result with its call; null when nothing changed since it was last asked. */
  pair(entry: MessageEntry, result: SiteResult): SiteOutput | null {
    const view = this.#store.view(entry);
    const output: SiteOutput = {
      key: entry.key,
      conversationId: entry.conversationId,
      messageId: entry.messageId,
      callMessageId: this.#callOf(entry, result),
      status: result.status,
      text: view.text,
      exception: result.exception,
      imageCount: result.imageCount,
    };
    const previous = this.#results.get(entry);
    if (previous && isSame(previous, output)) return null;
    this.#results.set(entry, output);
    if (this.#results.size > this.#kept) {
      const oldest = this.#results.keys().next();
      if (!oldest.done) this.#results.delete(oldest.value);
    }
    return output;
  }

  #callOf(entry: MessageEntry, result: SiteResult): string | null {
    const named = this.#callNamedByParent(entry);
    if (named !== null) return named;
    const { parentId } = this.#store.view(entry);
    const open = this.#callsWithoutResult(entry);
    const sameCode =
      result.code === null ? undefined : open.find((call) => this.#store.view(call).text === result.code);
    const sameParent =
      parentId === null ? undefined : open.find((call) => this.#store.view(call).parentId === parentId);
    return (sameCode ?? sameParent ?? open[0])?.messageId ?? null;
  }

  /** Follows the parent, through hidden system messages only. */
  #callNamedByParent(entry: MessageEntry): string | null {
    let parentId = this.#store.view(entry).parentId;
    for (let hop = 0; hop <= HOPS_THROUGH_SYSTEM && parentId !== null; hop += 1) {
      const parent = this.#store.find(entry.conversationId, parentId);
      if (!parent) return null;
      const view = this.#store.view(parent);
      if (isPythonCall(view)) return parent.messageId;
      if (view.role !== 'system') return null;
      parentId = view.parentId;
    }
    return null;
  }

  /** Latest first. */
  #callsWithoutResult(entry: MessageEntry): readonly MessageEntry[] {
    const taken = new Set<string>();
    for (const [other, { callMessageId }] of this.#results) {
      if (other !== entry && other.conversationId === entry.conversationId && callMessageId !== null)
        taken.add(callMessageId);
    }
    return [...this.#calls]
      .filter((call) => call.conversationId === entry.conversationId && !taken.has(call.messageId))
      .filter((call) => isPythonCall(this.#store.view(call)))
      .sort((a, b) => b.order - a.order);
  }
}

function isSame(a: SiteOutput, b: SiteOutput): boolean {
  return (
    a.key === b.key &&
    a.callMessageId === b.callMessageId &&
    a.status === b.status &&
    a.text === b.text &&
    a.exception === b.exception &&
    a.imageCount === b.imageCount
  );
}
