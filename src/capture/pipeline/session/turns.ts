import flru, { type flruCache } from 'flru';
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

/** The event streams of a page, and which topics a hand-off in this page announced (rules C7, H2). */
export class Turns {
  readonly #turns: flruCache<Turn>;
  readonly #announced: flruCache<true>;

  constructor(turnsKept: number) {
    this.#turns = flru(turnsKept);
    this.#announced = flru(turnsKept);
  }

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
    this.#turns.set(stream, turn);
    return turn;
  }

  find(stream: string | null): Turn | null {
    return stream === null ? null : (this.#turns.get(stream) ?? null);
  }

  announce(topics: readonly string[]): void {
    for (const topic of topics) this.#announced.set(topic, true);
  }

  /** Whether what a stream delivers may start by itself. */
  isAuto(stream: string | null): boolean {
    const turn = this.find(stream);
    return turn !== null && (turn.isLive || this.#announced.has(turn.stream));
  }
}

export function describeTurn({ stream, source, state, conversationId, userMessageId }: Turn): CapturedTurn {
  return { stream, source, state, conversationId, userMessageId };
}
