import { type Signal, signal } from '@preact/signals';
import type { CapturedCall, CapturedMessage, CaptureEvent } from '../../contracts/capture.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import type { AppError } from '../../contracts/errors.ts';
import { callKeyOf, type SessionId } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import { isPythonTool } from '../../wire/message/index.ts';
import { codeOf } from './call-code.ts';
import { type CallRun, createCallRun } from './call-run.ts';
import type { Acquaintance } from './landmarks/index.ts';
import type { RunView } from './run-view.ts';
import { type SessionNames, sessionOfConversation, sessionOfSeedFrame } from './session-names.ts';
import { createTurnLog, type SeenTurn } from './turn-log.ts';

type RefusedCall = Extract<CaptureEvent, { kind: 'call-refused' }>;

/** A call with its place: which conversation, which turn. */
export interface CallEntry {
  readonly order: number;
  readonly run: CallRun;
  readonly turn: SeenTurn;
  /** The last thing to tell the person about this card, in words. */
  readonly note: Signal<string>;
  /** Sends the result back to where the call came from; null when there is nothing to send, or nobody to ask. */
  readonly unsentResult: Signal<(() => void) | null>;
  key: string;
  messageId: string;
  conversationId: string | null;
  captured: CapturedCall | null;
  readonly sessionId: () => SessionId;
}

/** What a card shows. */
export type CardEntry = Pick<CallEntry, 'key' | 'run' | 'note' | 'unsentResult' | 'sessionId'>;

export interface CallsOptions {
  readonly runs: RunsDoor;
  readonly settings: SettingsDoor;
  readonly sessions: SessionNames;
  /** False where nothing may start by itself, such as a shared, read-only page. */
  readonly mayStart: () => boolean;
  readonly onEntry: (entry: CallEntry) => void;
  /** A call became whole, or more of its turn is known. Never throws. */
  readonly onChange: (entry: CallEntry | null) => void;
  readonly onEnded: (entry: CallEntry, view: RunView, outcome: Outcome) => void;
  /** The host did not take the run. */
  readonly onRefused: (entry: CallEntry, error: AppError) => void;
  /** The call is too long ago; nothing may hold on to it. */
  readonly onForget: (entry: CallEntry) => void;
  readonly signal: AbortSignal;
}

export interface Calls {
  take(event: CaptureEvent): void;
  readonly all: readonly CallEntry[];
  /** Starts what waited for the answer about thinking calls. */
  startThinking(): void;
  /** The tab is shown again: what began unseen is waited for now. */
  hurry(): void;
  /** Asks the host once more about calls not run here: another tab may have. */
  lookElsewhere(): Promise<void>;
  acquaintance(conversationId: string | null): Acquaintance;
}

/** Oldest entries beyond this are forgotten with their cards: a page may stay open for days. */
const MOST_CALLS = 200;
/** Calls that wait for another tab at a time; each holds a request of the door open. */
const MOST_AWAITED = 8;
/** Calls of the past that are asked for once; a conversation opened again later asks anew. */
const MOST_ASKED = 5_000;

/** Tools whose calls run here. */
const languageOf = (tool: string): 'python' | 'shell' | null =>
  tool === 'shell' || tool === 'ide' ? 'shell' : isPythonTool(tool) ? 'python' : null;

/** Every call seen on this page, in order; starts those that may start by themselves, each once. */
export function createCalls(options: CallsOptions): Calls {
  const byKey = new Map<string, CallEntry>();
  const all: CallEntry[] = [];
  const turns = createTurnLog();
  let order = 0;
  let awaiting = 0;
  let isLooking = false;

  const forgetOldest = () => {
    if (all.length <= MOST_CALLS) return;
    const oldest = all.slice(0, -1).find(({ run }) => !run.isBusy.value);
    if (oldest === undefined) return;
    all.splice(all.indexOf(oldest), 1);
    byKey.delete(oldest.key);
    oldest.run.close();
    options.onForget(oldest);
  };

  const sessionOf = (entry: CallEntry, ofPage: SessionId): SessionId => {
    const frame = entry.captured?.seedFrame;
    if (frame !== undefined) return sessionOfSeedFrame(frame.socket, entry.conversationId);
    return entry.conversationId === null ? ofPage : sessionOfConversation(entry.conversationId);
  };

  const ensure = (key: string, conversationId: string | null, messageId: string, own?: SeenTurn): CallEntry => {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    order += 1;
    const { ofPage } = options.sessions;
    const entry: CallEntry = {
      order,
      key,
      messageId,
      conversationId,
      captured: null,
      note: signal(''),
      unsentResult: signal(null),
      turn: own ?? turns.current(conversationId),
      sessionId: () => sessionOf(entry, ofPage),
      run: createCallRun({
        runs: options.runs,
        sessionId: () => entry.sessionId(),
        callKey: (part) => {
          const id = part === undefined ? entry.messageId : `${entry.messageId}#${part}`;
          return callKeyOf(entry.captured?.adapter ?? 'chatgpt', entry.conversationId, id);
        },
        sessionReady: () => options.sessions.settled(entry.conversationId),
        settings: options.settings,
        onEnded: (view, outcome) => options.onEnded(entry, view, outcome),
        onRefused: (error) => options.onRefused(entry, error),
        signal: options.signal,
      }),
    };
    byKey.set(key, entry);
    all.push(entry);
    forgetOldest();
    options.onEntry(entry);
    return entry;
  };

  const startIfAllowed = (entry: CallEntry) => {
    const call = entry.captured;
    const { isOn, startCalls, thinkingCalls } = options.settings.get();
    if (call === null || !call.auto || !isOn || startCalls !== 'auto' || !options.mayStart()) return;
    if (call.thinking && thinkingCalls !== 'always') return;
    // What the page itself sends is no call of the site; it may come from any script of the page.
    if (call.seedFrame?.direction === 'out') return;
    if (entry.run.phase.value === 'offered') void entry.run.start('auto');
  };

  /** Waits for a run that another tab starts; a few calls at a time, the others ask once. */
  const followElsewhere = async (entry: CallEntry) => {
    if (awaiting >= MOST_AWAITED) return void entry.run.showEarlier();
    awaiting += 1;
    await entry.run.showEarlier(true);
    awaiting -= 1;
  };

  const lookElsewhere = async () => {
    if (isLooking) return;
    isLooking = true;
    // One after the other: the door holds a number of requests only, and a start must not wait behind these.
    for (const { run } of [...all]) await run.showEarlier();
    isLooking = false;
  };

  const takeCall = (call: CapturedCall) => {
    // A seed frame comes on a socket of its own: before, in or after a turn, and no turn names it.
    const apart = call.seedFrame === undefined ? undefined : turns.apart(call.conversationId);
    const entry = ensure(call.key, call.conversationId, call.messageId, apart);
    const isFirst = entry.captured === null;
    entry.captured = call;
    entry.run.language.value = call.language;
    entry.run.offer({ ...call, code: codeOf(call) });
    if (isFirst) {
      startIfAllowed(entry);
      // Not started here: another tab, or this one before a reload, may have run it, or be about to.
      void followElsewhere(entry);
    }
    // A step later, so that the run is on its way while the card is drawn and the page laid out.
    queueMicrotask(() => !options.signal.aborted && all.includes(entry) && options.onChange(entry));
  };

  const refuse = ({ tool, key, conversationId, messageId, reason }: RefusedCall) => {
    const language = languageOf(tool);
    if (language === null) return;
    const { run } = ensure(key, conversationId, messageId);
    run.language.value = language;
    run.refuse(reason);
    options.onChange(null);
  };

  /** A call of the past. It is shown with its run where the host still has that, else left alone; nothing starts. */
  const takePast = async (message: CapturedMessage, turn: SeenTurn) => {
    const { key, conversationId, messageId, recipient } = message;
    const answer = await options.runs.findRun({ callKey: callKeyOf('chatgpt', conversationId, messageId) });
    if (!answer.ok || answer.value === null || options.signal.aborted || byKey.get(key)?.captured != null) return;
    const entry = ensure(key, conversationId, messageId, turn);
    entry.captured = {
      key,
      adapter: 'chatgpt',
      conversationId,
      messageId,
      tool: recipient ?? '',
      language: 'python',
      code: message.text,
      auto: false,
      thinking: message.isThinking,
    };
    entry.run.offer(entry.captured);
    await entry.run.showEarlier();
    options.onChange(entry);
  };
  const asked = new Set<string>();
  let lookups = Promise.resolve();
  const takeMessage = (message: CapturedMessage) => {
    const turn = turns.past(message);
    const { key, recipient, role, status, isHidden, text } = message;
    if (role !== 'assistant' || !isPythonTool(recipient) || isHidden) return;
    if (status !== 'finished_successfully' || text.trim() === '' || asked.has(key)) return;
    if (asked.size >= MOST_ASKED) asked.clear();
    asked.add(key);
    // A call that happens now follows its message within the same task; then there is nothing to look for.
    lookups = lookups.then(() => (byKey.get(key)?.captured == null ? takePast(message, turn) : undefined));
  };

  return {
    all,
    acquaintance: (conversationId) => turns.acquaintance(conversationId),
    take(event) {
      options.sessions.take(event);
      turns.take(event);
      switch (event.kind) {
        case 'call':
          return takeCall(event);
        case 'call-forming':
          if (!isPythonTool(event.tool)) return;
          if (options.settings.get().isOn) void options.runs.warm({ language: 'python' });
          ensure(event.key, event.conversationId, event.messageId);
          return;
        case 'call-refused':
          return refuse(event);
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
        case 'message':
          takeMessage(event.message);
          return options.onChange(null);
        case 'turn':
          if (event.state !== 'open') void lookElsewhere();
          return options.onChange(null);
        default:
          return;
      }
    },
    startThinking() {
      for (const entry of all) if (entry.captured?.thinking) startIfAllowed(entry);
    },
    hurry() {
      for (const { run } of all) run.hurry();
    },
    lookElsewhere,
  };
}
