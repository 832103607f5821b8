import { Button } from '../kit/index.ts';
import { TERMINAL_TEXTS } from './texts.ts';
import type { Pane } from './pane.ts';
import type { Tabs } from './tabs.ts';

const T = TERMINAL_TEXTS;

const nameOf = (pane: Pane): string => (pane.number.value > 0 ? T.name(pane.number.value) : T.title);

/** One tab a terminal: arrows go from one to the next, Delete closes. */
export function TabRow({ tabs }: { readonly tabs: Tabs }) {
  const active = tabs.active.value;
  const panes = tabs.panes.value;
  const step = (pane: Pane, by: number): void => {
    const next = panes[(panes.indexOf(pane) + by + panes.length) % panes.length];
    if (next) tabs.show(next);
  };
  const onKeyDown = (event: KeyboardEvent, pane: Pane): void => {
    if (event.key === 'ArrowRight') step(pane, 1);
    else if (event.key === 'ArrowLeft') step(pane, -1);
    else if (event.key === 'Delete') void tabs.close(pane);
  };
  return (
    <div class="tab-row">
      <div class="tabs" role="tablist" aria-label={T.tabs}>
        {panes.map((pane) => (
          <button
            key={pane.key}
            type="button"
            id={`tab-${pane.key}`}
            role="tab"
            class="tab"
            aria-selected={pane === active}
            aria-controls={`panel-${pane.key}`}
            tabIndex={pane === active ? 0 : -1}
            data-part="tab"
            data-number={pane.number.value}
            onClick={() => tabs.show(pane)}
            onKeyDown={(event) => onKeyDown(event, pane)}
          >
            {nameOf(pane)}
          </button>
        ))}
      </div>
      {active ? (
        <Button action="close" label={T.close(nameOf(active))} onPress={() => void tabs.close(active)}>
          ×
        </Button>
      ) : null}
      <Button action="new" label={T.openLabel} onPress={() => tabs.open()}>
        {T.open}
      </Button>
    </div>
  );
}
