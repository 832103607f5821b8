import type { CaptureEvent } from '../../../contracts/capture.ts';
import type { WireLimits } from '../../../wire/index.ts';
import { type BranchTexts, createBranchTexts } from './branch-texts.ts';
import { type CallLedger, createCallLedger } from './call-ledger.ts';
import { createDrift } from './drift.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import { createResultPairing, type ResultPairing } from './result-pairing.ts';
import { createTurns, describeTurn, type Turn, type Turns } from './turns.ts';

export interface SessionOptions {
  readonly limits: WireLimits;
  readonly onEvent: (event: CaptureEvent) => void;
}

/** What a page's capture knows across its streams and sockets. */
export class Session {
  readonly limits: WireLimits;
  readonly messages: MessageStore;
  readonly branchTexts: BranchTexts = createBranchTexts();
  readonly turns: Turns;
  readonly calls: CallLedger;
  readonly results: ResultPairing;
  readonly drift = createDrift();
  readonly problems: Record<string, number> = {};
  readonly #onEvent: SessionOptions['onEvent'];

  constructor({ limits, onEvent }: SessionOptions) {
    this.limits = limits;
    this.#onEvent = onEvent;
    this.turns = createTurns(limits.topicsKept);
    this.calls = createCallLedger(limits.callKeysKept);
    this.messages = createMessageStore({
      messagesKept: limits.messagesKept,
      onRename: ({ messageId, conversationId, key }, previousKey) => {
        this.calls.rename(previousKey, key);
        if (conversationId === null) return;
        this.#deliver({ kind: 'conversation-id-known', messageId, conversationId, previousKey, key });
      },
    });
    this.results = createResultPairing(this.messages, limits.messagesKept);
  }

  /** Tells what happened, after the messages that it rests on. */
  emit(event: CaptureEvent): void {
    this.flush();
    this.#deliver(event);
  }

  /** Hands over the messages that changed, each once. */
  flush(): void {
    for (const entry of this.messages.takeChanged()) {
      this.#deliver({ kind: 'message', message: this.messages.view(entry) });
    }
  }

  emitTurn(turn: Turn): void {
    this.emit({ kind: 'turn', ...describeTurn(turn) });
  }

  countProblem(problem: string): void {
    this.problems[problem] = (this.problems[problem] ?? 0) + 1;
  }

  #deliver(event: CaptureEvent): void {
    try {
      this.#onEvent(event);
    } catch {
      // A listener's fault must not cost the frames behind this one; it shows in the counts.
      this.countProblem('listener_failed');
    }
  }
}
