import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../kit/index.ts';
import { TERMINAL_TEXTS } from './texts.ts';
import type { Actions } from './actions.ts';
import type { Pane } from './pane.ts';

const T = TERMINAL_TEXTS;

/** Finds text in a terminal's output, from the bottom up. */
export function SearchBar({ pane, actions }: { readonly pane: Pane; readonly actions: Actions }) {
  const text = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const find = (direction: 'next' | 'previous', isIncremental = false): void =>
    pane.find(text.value, direction, isIncremental);
  const found = pane.found.value;
  return (
    <search class="search" data-part="search">
      <input
        ref={field}
        type="text"
        aria-label={T.searchLabel}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          find('next', true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(event.shiftKey ? 'next' : 'previous');
          if (event.key === 'Escape') actions.endSearch();
        }}
      />
      <span class="quiet" role="status" data-part="found">
        {found === null || text.value === '' ? '' : T.found(found.at, found.count)}
      </span>
      <Button action="find-previous" onPress={() => find('previous')}>
        {T.previous}
      </Button>
      <Button action="find-next" onPress={() => find('next')}>
        {T.next}
      </Button>
      <Button action="end-search" label={T.closeSearch} onPress={() => actions.endSearch()}>
        ×
      </Button>
    </search>
  );
}
