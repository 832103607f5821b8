import type { ItemSource } from '../../contracts/doors/stream.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { NumberedTerminalEvent, TerminalEnd } from '../../contracts/terminal.ts';

/** A page shows the terminal but does not watch it yet. */
const WATCHED_WITHIN_MS = 10_000;

interface Item {
  readonly event: NumberedTerminalEvent;
  /** Of all output, where this event ends. */
  readonly endUtf16: number;
}

interface View {
  /** Events up to here are drawn, and so much of all output. */
  drawn: number;
  drawnUtf16: number;
  wake: () => void;
  timer: ReturnType<typeof setTimeout> | null;
}

/**
 * What happens in one terminal on its way to the pages that show it. Events are kept until every page has drawn them; one
 * that stands still for too long is dropped, and so are the events that only it wanted.
 */
export class TerminalViews {
  readonly #views = new Map<string, View>();
  readonly #onChange: () => void;
  #items: Item[] = [];
  #last = 0;
  #totalUtf16 = 0;
  /** Output that no reader has asked for yet: it goes as one event. */
  #open: string[] = [];
  #openUtf16 = 0;
  #isEnded = false;

  /** `onChange` is called when a page came, drew something or left. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get count(): number {
    return this.#views.size;
  }

  /** UTF-16 units of output that the slowest page has not drawn. */
  get undrawnUtf16(): number {
    let most = 0;
    for (const { drawnUtf16 } of this.#views.values()) most = Math.max(most, this.#totalUtf16 - drawnUtf16);
    return most;
  }

  output(text: string): void {
    this.#totalUtf16 += text.length;
    if (this.#views.size === 0) return;
    if (this.#openUtf16 + text.length > LIMITS.outputPieceUtf16.standard) this.#close();
    this.#open.push(text);
    this.#openUtf16 += text.length;
    this.#look();
  }

  end(end: TerminalEnd): void {
    this.#close();
    this.#isEnded = true;
    this.#add({ kind: 'ended', end });
    this.#look();
  }

  /** Number of the last event; all output before now belongs to it or an earlier one. */
  mark(): number {
    this.#close();
    return this.#last;
  }

  /** A page shows all up to event `after` from now on. */
  attach(viewId: string, after: number): void {
    this.drop(viewId);
    const drawnUtf16 = this.#endOf(after);
    const view: View = { drawn: after, drawnUtf16, wake: () => undefined, timer: null };
    this.#views.set(viewId, view);
    this.#dropLater(viewId, view, WATCHED_WITHIN_MS);
  }

  drawn(viewId: string, upTo: number): void {
    const view = this.#views.get(viewId);
    if (view === undefined || upTo <= view.drawn || upTo > this.#last) return;
    view.drawnUtf16 = this.#endOf(upTo);
    view.drawn = upTo;
    this.#stopTimer(view);
    this.#forget();
    this.#look();
    this.#onChange();
  }

  drop(viewId: string): void {
    const view = this.#views.get(viewId);
    if (view === undefined) return;
    this.#stopTimer(view);
    this.#views.delete(viewId);
    this.#forget();
    view.wake();
    this.#onChange();
  }

  dropAll(): void {
    for (const viewId of [...this.#views.keys()]) this.drop(viewId);
  }

  /** What a view reads; null where there is no such view. */
  source(viewId: string): ItemSource<NumberedTerminalEvent> | null {
    const view = this.#views.get(viewId);
    if (view === undefined) return null;
    const isGone = () => this.#views.get(viewId) !== view;
    return {
      read: (after, most) => {
        if (isGone()) return null;
        this.#close();
        const first = this.#last - this.#items.length;
        if (after < first) return null;
        return this.#items.slice(after - first, after - first + most).map(({ event }) => event);
      },
      isEndAt: (n) => this.#isEnded && n === this.#last,
      onMore: (listener, { signal }) => {
        this.#stopTimer(view);
        view.wake = listener;
        signal.addEventListener('abort', () => {
          view.wake = () => undefined;
          if (!isGone()) this.drop(viewId);
        });
      },
    };
  }

  /** Wakes who has something to read, and stops waiting for who draws nothing. */
  #look(): void {
    for (const [viewId, view] of this.#views) {
      view.wake();
      const isBehind = this.#totalUtf16 - view.drawnUtf16 > LIMITS.terminalUndrawnUtf16.standard;
      if (isBehind && view.timer === null) this.#dropLater(viewId, view, LIMITS.terminalStuckMs.standard);
    }
  }

  #dropLater(viewId: string, view: View, ms: number): void {
    view.timer = setTimeout(() => this.drop(viewId), ms);
  }

  #stopTimer(view: View): void {
    if (view.timer !== null) clearTimeout(view.timer);
    view.timer = null;
  }

  #close(): void {
    if (this.#open.length === 0) return;
    const text = this.#open.join('');
    this.#open = [];
    this.#openUtf16 = 0;
    this.#add({ kind: 'output', text });
  }

  #add(event: NumberedTerminalEvent['event']): void {
    this.#last += 1;
    this.#items.push({ event: { n: this.#last, event }, endUtf16: this.#totalUtf16 });
  }

  #endOf(n: number): number {
    const item = this.#items[n - (this.#last - this.#items.length) - 1];
    return item?.endUtf16 ?? this.#totalUtf16;
  }

  #forget(): void {
    const least = Math.min(this.#last, ...[...this.#views.values()].map(({ drawn }) => drawn));
    const surplus = least - (this.#last - this.#items.length);
    if (surplus > 0) this.#items.splice(0, surplus);
  }
}
