import type { ItemSource } from '../contracts/doors/stream.ts';
import type { CallKey, RunId, SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Language, NumberedRunEvent, RunEvent } from '../contracts/run.ts';
import { displayUtf16 } from '../execution/index.ts';

/** Whose log it is. */
export interface LoggedRun {
  readonly sessionId: SessionId;
  readonly callKey: CallKey | null;
  readonly language: Language;
  readonly code: string;
}

/** What one run reported, numbered, for those who watch now and those who come back. */
class RunLog implements ItemSource<NumberedRunEvent> {
  readonly of: LoggedRun;
  utf16: number;
  isEnded = false;
  /** Number of the question that waits for its answer. */
  question: number | null = null;
  readonly #runId: RunId;
  readonly #now: () => number;
  readonly #kept: NumberedRunEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #lastN = 0;
  #readUpTo = 0;
  /** Number of the latest event that is no longer kept. */
  #droppedUpTo = 0;

  constructor(runId: RunId, of: LoggedRun, now: () => number) {
    this.#runId = runId;
    this.of = of;
    this.utf16 = of.code.length;
    this.#now = now;
  }

  get sessionId(): SessionId {
    return this.of.sessionId;
  }

  append(event: RunEvent): void {
    if (!this.#joinedLast(event)) {
      this.utf16 += weightOf(event);
      this.#lastN += 1;
      this.#kept.push({ runId: this.#runId, n: this.#lastN, atMs: this.#now(), event });
      if (this.#kept.length > LIMITS.eventsKeptPerRun.standard) this.#drop();
    }
    if (event.kind === 'input') this.question = this.#lastN;
    if (event.kind === 'inputAnswered' || event.kind === 'ended') this.question = null;
    if (event.kind === 'ended') this.isEnded = true;
    for (const listener of this.#listeners) listener();
  }

  /** What is no longer kept is told in a line of output at its place; null for numbers that are not there yet. */
  read(after: number, most: number): readonly NumberedRunEvent[] | null {
    if (after > this.#lastN) return null;
    const items: NumberedRunEvent[] = [];
    let at = after;
    const take = (item: NumberedRunEvent) => {
      items.push(item.n > at + 1 ? { ...item, from: at + 1 } : item);
      at = item.n;
    };
    for (const item of this.#kept) {
      if (items.length === most) break;
      if (item.n <= after) continue;
      if (at < this.#droppedUpTo && this.#droppedUpTo < item.n) take(this.#gap());
      if (items.length < most) take(item);
    }
    this.#readUpTo = Math.max(this.#readUpTo, at);
    return items;
  }

  isEndAt(n: number): boolean {
    return this.isEnded && n === this.#lastN;
  }

  /** States are told with what they lead to: each would wake three processes just when its program needs them. */
  mayWait(after: number): boolean {
    const hurried = this.#kept.findLast(({ n, event }) => n <= after || event.kind !== 'state');
    return this.#lastN > after && (hurried?.n ?? 0) <= after;
  }

  onMore(listener: () => void, { signal }: { readonly signal: AbortSignal }): void {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** The oldest output goes first: of everything else there are few, and a card shows all of it. */
  #drop(): void {
    const oldest = this.#kept.findIndex(({ event }) => event.kind === 'output');
    const [dropped] = this.#kept.splice(Math.max(0, oldest), 1);
    if (dropped === undefined) return;
    this.utf16 -= weightOf(dropped.event);
    this.#droppedUpTo = Math.max(this.#droppedUpTo, dropped.n);
  }

  #gap(): NumberedRunEvent {
    const event = {
      kind: 'output',
      stream: 'stderr',
      text: '[Output that came before this is no longer kept.]\n',
    } as const;
    return { runId: this.#runId, n: this.#droppedUpTo, atMs: this.#now(), event };
  }

  /** Output that nobody has read yet grows in place: a flood costs few events. */
  #joinedLast(event: RunEvent): boolean {
    const last = this.#kept.at(-1);
    if (event.kind !== 'output' || last?.event.kind !== 'output' || last.n <= this.#readUpTo) return false;
    const { stream, text } = last.event;
    if (stream !== event.stream || text.length + event.text.length > LIMITS.outputPieceUtf16.standard) return false;
    this.utf16 += event.text.length;
    this.#kept[this.#kept.length - 1] = { ...last, event: { ...event, text: text + event.text } };
    return true;
  }
}

function weightOf(event: RunEvent): number {
  if (event.kind === 'output') return 100 + event.text.length;
  return event.kind === 'display' ? 100 + displayUtf16(event.display) : 100;
}

/** The logs of this host's life: all running ones, and the latest ended ones within their bounds. */
export class RunLogs {
  readonly #logs = new Map<RunId, RunLog>();
  readonly #awaited = new Map<CallKey, Set<() => void>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  open(runId: RunId, of: LoggedRun): void {
    this.#logs.set(runId, new RunLog(runId, of, this.#now));
    this.#dropOld();
    if (of.callKey === null) return;
    for (const settle of this.#awaited.get(of.callKey) ?? []) settle();
  }

  /** Settles when a run of the call has a log, at once where it has one; else after `mostMs` or with the signal. */
  opened(callKey: CallKey, { mostMs, signal }: { readonly mostMs: number; readonly signal: AbortSignal }) {
    if (signal.aborted || this.findLatest(callKey) !== null) return Promise.resolve();
    const waiting = this.#awaited.get(callKey) ?? new Set();
    this.#awaited.set(callKey, waiting);
    return new Promise<void>((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', settle);
        waiting.delete(settle);
        if (waiting.size === 0) this.#awaited.delete(callKey);
        resolve();
      };
      const timer = setTimeout(settle, mostMs);
      signal.addEventListener('abort', settle);
      waiting.add(settle);
    });
  }

  append(runId: RunId, event: RunEvent): void {
    this.#logs.get(runId)?.append(event);
  }

  find(
    runId: RunId,
  ): (ItemSource<NumberedRunEvent> & { readonly sessionId: SessionId; readonly question: number | null }) | undefined {
    return this.#logs.get(runId);
  }

  /** The latest run of a call whose log is still here. */
  findLatest(callKey: CallKey): (LoggedRun & { readonly runId: RunId; readonly isEnded: boolean }) | null {
    const [runId, log] = [...this.#logs].findLast(([, { of }]) => of.callKey === callKey) ?? [];
    return runId === undefined || log === undefined ? null : { ...log.of, runId, isEnded: log.isEnded };
  }

  #dropOld(): void {
    let utf16 = 0;
    for (const log of this.#logs.values()) utf16 += log.utf16;
    let count = this.#logs.size;
    for (const [runId, log] of this.#logs) {
      if (count <= LIMITS.runLogsKept.standard && utf16 <= LIMITS.runLogsUtf16.standard) return;
      if (!log.isEnded) continue;
      this.#logs.delete(runId);
      count -= 1;
      utf16 -= log.utf16;
    }
  }
}
