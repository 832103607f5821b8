import { type Signal, signal } from '@preact/signals';
import type { CapturedCall, CaptureEvent } from '../../contracts/capture.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import { callKeyOf, type SessionId, sessionIdOf } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import { type CallRun, createCallRun } from './call-run.ts';
import type { RunView } from './run-view.ts';
import { createTurnLog, type SeenTurn } from './turn-log.ts';

/** A call with its place: which conversation, which turn. */
export interface CallEntry {
  readonly order: number;
  readonly run: CallRun;
  readonly turn: SeenTurn;
  /** The last thing to tell the person about this card, in words. */
  readonly note: Signal<string>;
  key: string;
  messageId: string;
  conversationId: string | null;
  captured: CapturedCall | null;
  readonly sessionId: () => SessionId;
}

export interface CallsOptions {
  readonly runs: RunsDoor;
  readonly settings: SettingsDoor;
  /** Stands for a conversation that has no id (yet). */
  readonly pageSessionId: SessionId;
  /** False where nothing may start by itself, such as a shared, read-only page. */
  readonly mayStart: () => boolean;
  readonly onEntry: (entry: CallEntry) => void;
  /** A call became whole, or more of its turn is known. */
  readonly onChange: (entry: CallEntry | null) => void;
  readonly onEnded: (call: CapturedCall, view: RunView, outcome: Outcome) => void;
  readonly signal: AbortSignal;
}

export interface Calls {
  take(event: CaptureEvent): void;
  readonly all: readonly CallEntry[];
  /** Starts what waited for the answer about thinking calls. */
  startThinking(): void;
}

/** Oldest entries beyond this are forgotten with their cards: a page may stay open for days. */
const MOST_CALLS = 500;

/** Every call seen on this page, in order; starts those that may start by themselves, each once. */
export function createCalls(options: CallsOptions): Calls {
  const byKey = new Map<string, CallEntry>();
  const all: CallEntry[] = [];
  const turns = createTurnLog();
  let order = 0;

  const ensure = (key: string, conversationId: string | null, messageId: string): CallEntry => {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    order += 1;
    const entry: CallEntry = {
      order,
      key,
      messageId,
      conversationId,
      captured: null,
      note: signal(''),
      turn: turns.current(conversationId),
      sessionId: () => (entry.conversationId === null ? options.pageSessionId : sessionIdOf(entry.conversationId)),
      run: createCallRun({
        runs: options.runs,
        sessionId: () => entry.sessionId(),
        callKey: () => callKeyOf(entry.captured?.adapter ?? 'chatgpt', entry.conversationId, entry.messageId),
        limits: () => {
          const { runTimeMs, pythonMemoryMB } = options.settings.get();
          return { timeMs: runTimeMs, memoryMB: pythonMemoryMB };
        },
        onEnded: options.onEnded,
        signal: options.signal,
      }),
    };
    byKey.set(key, entry);
    if (all.push(entry) > MOST_CALLS) {
      const oldest = all.shift();
      if (oldest !== undefined) byKey.delete(oldest.key);
    }
    options.onEntry(entry);
    return entry;
  };

  const startIfAllowed = (entry: CallEntry) => {
    const call = entry.captured;
    const { isOn, startCalls, thinkingCalls } = options.settings.get();
    if (call === null || !call.auto || !isOn || startCalls !== 'auto' || !options.mayStart()) return;
    if (call.thinking && thinkingCalls !== 'always') return;
    if (entry.run.phase.value === 'offered') void entry.run.start('auto');
  };

  const takeCall = (call: CapturedCall) => {
    if (call.language !== 'python') return;
    const entry = ensure(call.key, call.conversationId, call.messageId);
    const isFirst = entry.captured === null;
    entry.captured = call;
    entry.run.offer(call);
    // Before the card is drawn: the run is on its way while the page is still laid out.
    if (isFirst) startIfAllowed(entry);
    options.onChange(entry);
  };

  const isPython = (tool: string) => tool === 'python' || tool === 'python_user_visible';

  return {
    all,
    take(event) {
      turns.take(event);
      switch (event.kind) {
        case 'call':
          return takeCall(event);
        case 'call-forming':
          if (!isPython(event.tool)) return;
          if (options.settings.get().isOn) void options.runs.warm({ language: 'python' });
          ensure(event.key, event.conversationId, event.messageId);
          return;
        case 'call-refused':
          if (!isPython(event.tool)) return;
          ensure(event.key, event.conversationId, event.messageId).run.refuse(event.reason);
          return options.onChange(null);
        case 'conversation-id-known': {
          const entry = byKey.get(event.previousKey);
          if (entry !== undefined) {
            byKey.delete(event.previousKey);
            byKey.set(event.key, entry);
            entry.key = event.key;
            entry.conversationId = event.conversationId;
          }
          return options.onChange(null);
        }
        case 'turn':
        case 'message':
          return options.onChange(null);
        default:
          return;
      }
    },
    startThinking() {
      for (const entry of all) if (entry.captured?.thinking) startIfAllowed(entry);
    },
  };
}
