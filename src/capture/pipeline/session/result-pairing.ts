import type { SiteOutput } from '../../../contracts/capture.ts';
import { dropOldest, isPythonCall, isPythonTool, type SiteResult } from '../../../wire/index.ts';
import type { MessageEntry, MessageStore } from './message-store.ts';

const MOST_HOPS = 32;

/** `isItsOwn`: no other result stands between the two. */
interface NamedCall {
  readonly messageId: string;
  readonly isItsOwn: boolean;
}

export type ResultPairing = ReturnType<typeof createResultPairing>;

/** Finds the call that a result of the site belongs to (rule O1). */
export function createResultPairing(store: MessageStore, kept: number) {
  const calls = new Set<MessageEntry>();
  const results = new Map<MessageEntry, SiteOutput>();

  const callOf = (entry: MessageEntry, result: SiteResult): string | null => {
    const named = callNamedByParent(entry);
    if (named?.isItsOwn === true) return named.messageId;
    const { parentId } = store.view(entry);
    const open = callsWithoutResult(entry);
    // A call may hang on a result too, and its result on the same one: the code tells them apart.
    const isOfNext = (call: MessageEntry): boolean =>
      store.view(call).parentId === parentId && store.view(call).text === result.code;
    if (named) return open.find(isOfNext)?.messageId ?? named.messageId;
    const sameCode = result.code === null ? undefined : open.find((call) => store.view(call).text === result.code);
    const sameParent = parentId === null ? undefined : open.find((call) => store.view(call).parentId === parentId);
    return (sameCode ?? sameParent ?? open[0])?.messageId ?? null;
  };

  /** Follows the parent, through hidden system messages and through results: a further one hangs on the first. */
  const callNamedByParent = (entry: MessageEntry): NamedCall | null => {
    let parentId = store.view(entry).parentId;
    let ofResult: string | null = null;
    let isItsOwn = true;
    for (let hop = 0; hop < MOST_HOPS && parentId !== null; hop += 1) {
      const parent = store.find(entry.conversationId, parentId);
      if (!parent) break;
      const view = store.view(parent);
      if (isPythonCall(view)) return { messageId: parent.messageId, isItsOwn };
      if (view.role === 'tool' && isPythonTool(view.name)) {
        isItsOwn = false;
        ofResult = results.get(parent)?.callMessageId ?? ofResult;
      } else if (view.role !== 'system') break;
      parentId = view.parentId;
    }
    return ofResult === null ? null : { messageId: ofResult, isItsOwn };
  };

  /** Latest first. */
  const callsWithoutResult = (entry: MessageEntry): readonly MessageEntry[] => {
    const taken = new Set<string>();
    for (const [other, { callMessageId }] of results) {
      if (other !== entry && other.conversationId === entry.conversationId && callMessageId !== null)
        taken.add(callMessageId);
    }
    return [...calls]
      .filter((call) => call.conversationId === entry.conversationId && !taken.has(call.messageId))
      .filter((call) => isPythonCall(store.view(call)))
      .sort((a, b) => b.order - a.order);
  };

  return {
    noteCall(entry: MessageEntry): void {
      calls.add(entry);
      if (calls.size > kept) dropOldest(calls);
    },
    /** Returns the result with its call; null when nothing changed since it was last asked. */
    pair(entry: MessageEntry, result: SiteResult): SiteOutput | null {
      const view = store.view(entry);
      const output: SiteOutput = {
        key: entry.key,
        conversationId: entry.conversationId,
        messageId: entry.messageId,
        callMessageId: callOf(entry, result),
        status: result.status,
        text: view.text,
        exception: result.exception,
        imageCount: result.imageCount,
        ...(result.visuals.length > 0 ? { visuals: result.visuals } : {}),
      };
      const previous = results.get(entry);
      if (previous && isSame(previous, output)) return null;
      results.set(entry, output);
      if (results.size > kept) dropOldest(results);
      return output;
    },
  };
}

function isSame(a: SiteOutput, b: SiteOutput): boolean {
  return (
    a.key === b.key &&
    a.callMessageId === b.callMessageId &&
    a.status === b.status &&
    a.text === b.text &&
    a.exception === b.exception &&
    a.imageCount === b.imageCount &&
    JSON.stringify(a.visuals) === JSON.stringify(b.visuals)
  );
}
