import { type Signal, signal } from '@preact/signals';
import { copyText } from '../kit/index.ts';
import { TERMINAL_TEXTS } from './texts.ts';
import type { Tabs } from './tabs.ts';

const T = TERMINAL_TEXTS;
const SAID_MS = 3_000;

/** What buttons and keys of the page do. */
export interface Actions {
  readonly isSearching: Signal<boolean>;
  /** What became of the last action, for a moment. */
  readonly said: Signal<string | null>;
  /** True for a key that is the page's and not the program's. */
  takeKey(event: KeyboardEvent): boolean;
  copy(): Promise<void>;
  paste(): Promise<void>;
  search(): void;
  endSearch(): void;
}

export function createActions(tabs: Tabs, document: Document): Actions {
  const isSearching = signal(false);
  const said = signal<string | null>(null);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const say = (text: string): void => {
    clearTimeout(silence);
    said.value = text;
    silence = setTimeout(() => (said.value = null), SAID_MS);
  };
  const front = () => tabs.active.value;
  const actions: Actions = {
    isSearching,
    said,
    async copy() {
      const text = front()?.selection() ?? '';
      if (text === '') return say(T.nothingSelected);
      say((await copyText(text)) ? T.copied : T.notCopied);
      front()?.focus();
    },
    async paste() {
      front()?.focus();
      try {
        front()?.paste(await navigator.clipboard.readText());
      } catch {
        say(T.notPasted); // the browser's own paste needs no leave
      }
    },
    search() {
      isSearching.value = true;
      document.querySelector<HTMLInputElement>('[data-part="search"] input')?.select();
    },
    endSearch() {
      isSearching.value = false;
      front()?.endSearch();
      front()?.focus();
    },
    takeKey(event) {
      const isOurs = event.ctrlKey && event.shiftKey && !event.altKey;
      const key = event.key.toUpperCase();
      const act =
        isOurs && key === 'C'
          ? () => void actions.copy()
          : isOurs && key === 'F'
            ? () => actions.search()
            : event.ctrlKey && key === 'F6'
              ? () => document.querySelector<HTMLElement>('[data-part="tab"][aria-selected="true"]')?.focus()
              : null;
      if (act === null) return isOurs && key === 'V'; // the browser pastes by itself
      event.preventDefault();
      if (event.type === 'keydown') act();
      return true;
    },
  };
  return actions;
}
