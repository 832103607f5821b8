import type { CapturedMessage, CaptureEvent } from '../../contracts/capture.ts';
import type { Acquaintance } from './landmarks/index.ts';

/** One question and what answers it, as far as the wire has told; `messageIds` grows while the turn runs. */
export interface SeenTurn {
  /** Of all that a turn is known by; two that turn out to be one have the same. */
  key: string;
  conversationId: string | null;
  userMessageId: string | null;
  isOpen: boolean;
  readonly messageIds: Set<string>;
}

export interface TurnLog {
  take(event: CaptureEvent): void;
  /** The turn being written in a conversation, or written last; made when there is none. */
  current(conversationId: string | null): SeenTurn;
  /** A turn of its own for what comes beside all turns. */
  apart(conversationId: string | null): SeenTurn;
  /** The turn of a message of the past; it is not being written. */
  past(message: CapturedMessage): SeenTurn;
  acquaintance(conversationId: string | null): Acquaintance;
}

/** A turn with more messages than this is known well enough by them. */
const MOST_IDS = 200;
/** Conversations whose turns are remembered at a time. */
const MOST_TURNS = 100;

/** Whether a stream goes on with a turn that the history told, by a message of it. */
function goesOn(open: SeenTurn, told: SeenTurn, { messageId, parentId }: CapturedMessage): boolean {
  if (open.userMessageId !== null && open.userMessageId !== told.userMessageId) return false;
  return told.messageIds.has(messageId) || (parentId !== null && told.messageIds.has(parentId));
}

/** Which messages belong to which turn, so that a card finds its place by any of them. */
export function createTurnLog(): TurnLog {
  const byStream = new Map<string, SeenTurn>();
  const latest = new Map<string, SeenTurn>();
  /** The turn to which the messages of a document belong that come now, by conversation. */
  const reading = new Map<string, SeenTurn>();
  let made = 0;

  const nameOf = (conversationId: string | null) => conversationId ?? '';
  const create = (conversationId: string | null): SeenTurn => {
    made += 1;
    const turn: SeenTurn = {
      key: `turn-${made}`,
      conversationId,
      userMessageId: null,
      isOpen: true,
      messageIds: new Set(),
    };
    return turn;
  };
  const remember = <T>(map: Map<string, T>, key: string, value: T) => {
    map.delete(key);
    map.set(key, value);
    const oldest = map.keys().next().value;
    if (map.size > MOST_TURNS && oldest !== undefined) map.delete(oldest);
  };
  const current = (conversationId: string | null): SeenTurn => {
    const known = latest.get(nameOf(conversationId));
    if (known !== undefined) return known;
    // A turn opens before its conversation has an id; it is the one that this id now names.
    const unnamed = conversationId === null ? undefined : latest.get('');
    if (unnamed?.isOpen) {
      unnamed.conversationId = conversationId;
      latest.delete('');
      remember(latest, nameOf(conversationId), unnamed);
      return unnamed;
    }
    const turn = create(conversationId);
    remember(latest, nameOf(conversationId), turn);
    return turn;
  };

  const takeTurn = (event: Extract<CaptureEvent, { kind: 'turn' }>) => {
    const id = event.conversationId;
    let turn = byStream.get(event.stream);
    if (turn === undefined) {
      const before = latest.get(nameOf(id));
      // A hand-off or a resume goes on with the turn that is there; only another question opens another.
      const isSame =
        before !== undefined &&
        (event.userMessageId === null || before.userMessageId === null || before.userMessageId === event.userMessageId);
      turn = isSame && before.isOpen ? before : create(id);
      remember(byStream, event.stream, turn);
    }
    turn.conversationId ??= id;
    turn.userMessageId ??= event.userMessageId;
    turn.isOpen = event.state === 'open' || event.state === 'handoff';
    remember(latest, nameOf(turn.conversationId), turn);
  };

  /** The turn that a message of the history begins. */
  const toldBy = (message: CapturedMessage, open: SeenTurn | undefined): SeenTurn => {
    const isUser = message.role === 'user';
    // The stream of this very turn may have been there before the history.
    if (isUser && open?.isOpen && open.userMessageId === message.messageId) return open;
    const turn = create(message.conversationId);
    turn.isOpen = false;
    if (isUser) turn.userMessageId = message.messageId;
    return turn;
  };

  const past = (message: CapturedMessage): SeenTurn => {
    const name = nameOf(message.conversationId);
    const open = latest.get(name);
    const isUser = message.role === 'user';
    // What a stream tells is of its own turn.
    if (!isUser && open?.isOpen && open.messageIds.has(message.messageId)) return open;
    let turn = reading.get(name);
    if (turn === undefined || (isUser && turn.userMessageId !== message.messageId)) {
      turn = toldBy(message, open);
      remember(reading, name, turn);
    }
    if (!isUser && turn.messageIds.size < MOST_IDS) turn.messageIds.add(message.messageId);
    return turn;
  };

  /**
   * After a reload in mid-turn the history has told a part of the turn that a resumed stream goes on with: both are one.
   * A stream tells that part again, or begins with what follows it; another question has messages of its own.
   */
  const joinPast = (message: CapturedMessage) => {
    const open = latest.get(nameOf(message.conversationId));
    const told = reading.get(nameOf(message.conversationId));
    if (!open?.isOpen || told === undefined || told === open || !goesOn(open, told, message)) return;
    told.isOpen = true;
    for (const id of open.messageIds) told.messageIds.add(id);
    // A call that was announced before its message has this one already.
    open.key = told.key;
    open.isOpen = false;
    for (const map of [byStream, latest]) for (const [key, turn] of map) if (turn === open) map.set(key, told);
  };

  return {
    current,
    apart: create,
    past,
    acquaintance: (id) => (id === null ? null : latest.has(id) ? 'asked' : reading.has(id) ? 'told' : null),
    take(event) {
      if (event.kind === 'turn') return takeTurn(event);
      if (event.kind !== 'message' || event.message.role === 'user') return;
      joinPast(event.message);
      // Messages of history documents belong to no turn that is being written.
      const id = event.message.conversationId;
      const isKnown = latest.has(nameOf(id)) || latest.get('')?.isOpen === true;
      const turn = isKnown ? current(id) : null;
      if (turn?.isOpen && turn.messageIds.size < MOST_IDS) turn.messageIds.add(event.message.messageId);
    },
  };
}
