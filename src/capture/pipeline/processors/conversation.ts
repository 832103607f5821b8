import { isObject, readMessage, type WireEvent } from '../../../wire/index.ts';
import type { Session } from '../session/session.ts';
import type { Processor, Work } from './processor.ts';

type EventOf<Kind extends WireEvent['kind']> = Extract<WireEvent, { kind: Kind }>;

const isOfUser = ({ author }: { readonly author?: unknown }): boolean => isObject(author) && author['role'] === 'user';

/** Messages, titles and turns. */
export function createConversationProcessor(session: Session): Processor {
  const takeMessage = (event: EventOf<'message-changed'>, work: Work): void => {
    const { message, conversationId, parentId } = event;
    const grown = event.hasOnlyGrown ? session.messages.grow(message, conversationId) : null;
    work.hasOnlyGrown = grown !== null;
    work.entry = grown ?? session.messages.take(message, conversationId, parentId);
    const turn = session.turns.find(event.stream);
    if (!turn || !work.entry) return;
    session.drift.messageSeen(turn);
    // Looked at unread: an answer that is being written comes here with every frame.
    if (turn.userMessageId !== null || !isOfUser(message)) return;
    const view = session.messages.view(work.entry);
    if (view.isHidden) return;
    turn.userMessageId = view.messageId;
    session.emitTurn(turn);
  };

  const changeTurn = (event: EventOf<'conversation'> | EventOf<'turn-ended'>): void => {
    const turn = session.turns.find(event.stream);
    if (!turn) return;
    if (event.kind === 'conversation') turn.conversationId = event.conversationId;
    else turn.state = event.state;
    if (event.kind === 'turn-ended') session.drift.streamEnded(turn);
    session.emitTurn(turn);
  };

  const takeBranchMessage = ({ message, conversationId }: EventOf<'branch-message'>): void => {
    const { id, author } = message as { id?: unknown; author?: unknown };
    if (typeof id !== 'string' || !isObject(author)) return;
    session.branchTexts.take(readMessage(message, id, conversationId, null));
  };

  return {
    id: 'conversation',
    kinds: [
      'message-changed',
      'message-settles',
      'branch-message',
      'turn-opened',
      'conversation',
      'turn-ended',
      'handoff',
      'title',
      'older-page',
    ],
    process: (work) => {
      const { event } = work;
      switch (event.kind) {
        case 'message-changed':
          takeMessage(event, work);
          break;
        case 'message-settles':
          session.messages.settle(event.message);
          break;
        case 'branch-message':
          takeBranchMessage(event);
          break;
        case 'turn-opened':
          session.emitTurn(session.turns.open(event.stream, event.source, event.met === 'live'));
          break;
        case 'conversation':
        case 'turn-ended':
          changeTurn(event);
          break;
        case 'handoff':
          session.turns.announce(event.topics);
          break;
        case 'title':
          session.emit({ kind: 'title', conversationId: event.conversationId, title: event.title });
          break;
        case 'older-page':
          session.emit({ kind: 'older-page', conversationId: event.conversationId, before: event.before });
          break;
        default: // The rest is for others.
      }
    },
  };
}
