import flru from 'flru';
import type { CapturedTurn, TurnState } from '../../../contracts/capture.ts';

export interface Turn {
  readonly stream: string;
  readonly source: string;
  /** First met by something that happens now (rule C7). */
  readonly isLive: boolean;
  state: TurnState;
  conversationId: string | null;
  userMessageId: string | null;
  messageCount: number;
  unknownCount: number;
}

export type Turns = ReturnType<typeof createTurns>;

/** The event streams of a page, and which topics a hand-off in this page announced (rules C7, H2). */
export function createTurns(turnsKept: number) {
  const turns = flru<Turn>(turnsKept);
  const announced = flru<true>(turnsKept);

  const find = (stream: string | null): Turn | null => (stream === null ? null : (turns.get(stream) ?? null));

  return {
    open(stream: string, source: string, isLive: boolean): Turn {
      const turn: Turn = {
        stream,
        source,
        isLive,
        state: 'open',
        conversationId: null,
        userMessageId: null,
        messageCount: 0,
        unknownCount: 0,
      };
      turns.set(stream, turn);
      return turn;
    },
    find,
    announce(topics: readonly string[]): void {
      for (const topic of topics) announced.set(topic, true);
    },
    /** Whether what a stream delivers may start by itself. */
    isAuto(stream: string | null): boolean {
      const turn = find(stream);
      return turn !== null && (turn.isLive || announced.has(turn.stream));
    },
  };
}

export function describeTurn({ stream, source, state, conversationId, userMessageId }: Turn): CapturedTurn {
  return { stream, source, state, conversationId, userMessageId };
}
