import { computed, type ReadonlySignal, signal as stateOf } from '@preact/signals';
import type { SessionId } from '../../contracts/ids.ts';
import type { CallEntry } from './calls.ts';
import { type CardServices, mountCard } from './card/index.ts';
import type { Placeable, Placement } from './placement.ts';
import type { ThemeWatch } from './theme-watch.ts';
import { createThinkingGroup, type ThinkingGroup } from './thinking-group.tsx';

interface CallCardsOptions {
  readonly services: CardServices;
  readonly placement: Placement;
  readonly theme: ThemeWatch;
  readonly onThinkingAnswer: (answer: 'always' | 'press') => void;
  /** The person has not yet said whether calls of the thinking run by themselves, and would see them start. */
  readonly isThinkingAsked: ReadonlySignal<boolean>;
  /** The conversation that the address names now. */
  readonly conversationOnScreen: () => string | null;
  readonly signal: AbortSignal;
}

/** The cards of the page's calls: made, placed once their call is whole, taken away with all that held them. */
export interface CallCards {
  add(entry: CallEntry): void;
  /** Gives a card its place; a forming call has none yet: whether it belongs to the thinking is known only once it is whole. */
  place(entry: CallEntry): void;
  remove(entry: CallEntry): void;
  /** While switched off only cards with a run are seen. */
  show(isOn: boolean): void;
  readonly entries: Iterable<readonly [CallEntry, HTMLElement]>;
  /** The session of the calls in a group of the thinking; null where the element is no such group. */
  sessionOfGroup(element: HTMLElement): SessionId | null;
}

interface OpenGroup {
  readonly key: string;
  readonly group: ThinkingGroup;
  readonly item: Placeable;
  readonly ended: AbortController;
  readonly members: Set<CallEntry>;
}

export function createCallCards(options: CallCardsOptions): CallCards {
  const { services, placement, theme, onThinkingAnswer, isThinkingAsked, signal } = options;
  const cards = new Map<CallEntry, HTMLElement>();
  const ends = new Map<CallEntry, AbortController>();
  const items = new Map<CallEntry, Placeable | null>();
  const groups = new Map<string, OpenGroup>();
  const groupOf = new Map<CallEntry, OpenGroup>();
  /** The key of the group that asks: the newest with a call that may start. */
  const asking = stateOf('');
  const during = (own: AbortController) => AbortSignal.any([signal, own.signal]);

  const placeableOf = (element: HTMLElement, entry: CallEntry): Placeable => ({
    element,
    order: entry.order,
    isPinned: entry.captured?.seedFrame !== undefined,
    turnIds: () => [
      entry.messageId,
      ...[...entry.turn.messageIds].reverse(),
      ...(entry.turn.userMessageId === null ? [] : [entry.turn.userMessageId]),
    ],
    isLive: () => {
      const shown = options.conversationOnScreen();
      return entry.turn.isOpen && (shown === null || entry.conversationId === null || shown === entry.conversationId);
    },
  });
  const groupFor = (entry: CallEntry): OpenGroup => {
    const { key } = entry.turn;
    const known = groups.get(key);
    if (known !== undefined) return known;
    const ended = new AbortController();
    const group = createThinkingGroup({
      isAsking: computed(() => isThinkingAsked.value && asking.value === key),
      signal: during(ended),
      onAnswer: onThinkingAnswer,
    });
    const made = { key, group, item: placeableOf(group.element, entry), ended, members: new Set<CallEntry>() };
    groups.set(key, made);
    theme.follow(group.element);
    placement.add(made.item);
    return made;
  };
  const leaveGroup = (entry: CallEntry) => {
    const open = groupOf.get(entry);
    if (open === undefined) return;
    groupOf.delete(entry);
    open.members.delete(entry);
    open.group.remove(entry.run);
    if (open.members.size > 0) return;
    // Turns that turn out to be one have one name from then on; this is the name of the group when it was made.
    groups.delete(open.key);
    placement.remove(open.item);
    theme.leave(open.group.element);
    open.ended.abort();
  };

  return {
    add(entry) {
      const own = new AbortController();
      const card = mountCard(entry, services, { signal: during(own) });
      theme.follow(card);
      cards.set(entry, card);
      ends.set(entry, own);
    },
    place(entry) {
      const card = cards.get(entry);
      if (card === undefined || items.has(entry)) return;
      if (entry.captured?.thinking) {
        const open = groupFor(entry);
        if (entry.captured.auto) asking.value = open.key;
        open.members.add(entry);
        items.set(entry, null);
        groupOf.set(entry, open);
        open.group.add(card, entry.run);
        return;
      }
      const item = placeableOf(card, entry);
      items.set(entry, item);
      placement.add(item);
    },
    remove(entry) {
      const card = cards.get(entry);
      const item = items.get(entry);
      if (card !== undefined) theme.leave(card);
      if (item != null) placement.remove(item);
      ends.get(entry)?.abort();
      leaveGroup(entry);
      for (const map of [cards, ends, items]) map.delete(entry);
    },
    show(isOn) {
      const isSeen = (entry: CallEntry) => isOn || entry.run.view.value !== null;
      for (const [entry, card] of cards) card.hidden = !isSeen(entry);
      for (const { group, members } of groups.values()) group.element.hidden = ![...members].some(isSeen);
    },
    get entries() {
      return cards;
    },
    sessionOfGroup(element) {
      const open = [...groups.values()].find(({ group }) => group.element === element);
      return [...(open?.members ?? [])].at(-1)?.sessionId() ?? null;
    },
  };
}
