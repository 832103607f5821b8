import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TerminalsDoor } from '../../contracts/doors/terminals.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { TerminalSummary } from '../../contracts/terminal.ts';
import { Pane } from './pane.ts';

export interface TabsOptions {
  readonly door: TerminalsDoor;
  readonly sessionId: SessionId;
  readonly onKey: (event: KeyboardEvent) => boolean;
  readonly document: Document;
}

/** The terminals of a session as tabs of a page, one of them in front. */
export class Tabs {
  readonly panes: Signal<readonly Pane[]> = signal([]);
  readonly active: Signal<Pane | null> = signal(null);
  /** Why it is not known which there are. */
  readonly failure: Signal<AppError | null> = signal(null);
  readonly isReading: Signal<boolean> = signal(true);
  readonly isReader: Signal<boolean> = signal(false);
  readonly isEmpty: ReadonlySignal<boolean> = computed(() => this.panes.value.length === 0);
  readonly #options: TabsOptions;

  constructor(options: TabsOptions) {
    this.#options = options;
  }

  /** Shows the terminals that the session has; a first one where it has none. */
  async start(): Promise<void> {
    const { door, sessionId, document } = this.#options;
    this.failure.value = null;
    this.isReading.value = true;
    const listed = await door.list({ sessionId });
    this.isReading.value = false;
    if (!listed.ok) {
      this.failure.value = listed.error;
      return;
    }
    const inFront = Number(document.location.hash.slice(1));
    for (const known of listed.value) {
      const pane = this.#add(known);
      if (known.number === inFront) this.active.value = pane;
    }
    if (this.isEmpty.value) this.open();
    else this.show(this.active.value ?? this.panes.value[0] ?? null);
  }

  /** A new one, which `firstLine` is typed into. */
  open(firstLine?: string): void {
    this.show(this.#add(null, firstLine));
  }

  show(pane: Pane | null): void {
    this.active.value = pane;
  }

  async close(pane: Pane): Promise<void> {
    const at = this.panes.value.indexOf(pane);
    this.panes.value = this.panes.value.filter((other) => other !== pane);
    if (this.active.value === pane) this.show(this.panes.value[Math.max(at - 1, 0)] ?? null);
    await pane.close();
  }

  setReader(isOn: boolean): void {
    this.isReader.value = isOn;
    for (const pane of this.panes.value) pane.setReader(isOn);
  }

  themeChanged(): void {
    for (const pane of this.panes.value) pane.themeChanged();
  }

  leave(): void {
    for (const pane of this.panes.value) pane.leave();
  }

  #add(known: TerminalSummary | null, firstLine?: string): Pane {
    const { door, sessionId, onKey, document } = this.#options;
    const loadXterm = () => import('./xterm.ts');
    const pane = new Pane({ door, sessionId, known, firstLine, loadXterm, onKey, document });
    this.panes.value = [...this.panes.value, pane];
    return pane;
  }
}
