import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MeterAlert } from '../../contracts/meter.ts';
import { Button, FailurePanel } from '../kit/index.ts';
import { MachinesButton, type MachinesState, MachinesWindow } from '../machines/index.ts';
import { TERMINAL_TEXTS } from './texts.ts';
import type { Actions } from './actions.ts';
import { AlertRows } from './alerts.tsx';
import { KeyRow } from './key-row.tsx';
import type { Pane } from './pane.ts';
import { PaneState } from './pane-state.tsx';
import { SearchBar } from './search-bar.tsx';
import type { Tabs } from './tabs.ts';
import { TabRow } from './tab-row.tsx';

const T = TERMINAL_TEXTS;
const LEAVE_ID = 'terminal-leave';

interface Props {
  readonly tabs: Tabs;
  readonly actions: Actions;
  readonly alerts: ReadonlySignal<readonly MeterAlert[]>;
  readonly machines: MachinesState;
}

export function TerminalsView({ tabs, actions, alerts, machines }: Props) {
  const active = tabs.active.value;
  const failure = tabs.failure.value;
  return (
    <main class="terminals">
      <h1 class="visually-hidden">{T.title}</h1>
      <header>
        <TabRow tabs={tabs} />
        <div class="tools" role="toolbar" aria-label={T.title}>
          <Button action="copy" hint={T.copyHint} onPress={() => void actions.copy()}>
            {T.copy}
          </Button>
          <Button action="paste" hint={T.pasteHint} onPress={() => void actions.paste()}>
            {T.paste}
          </Button>
          <Button action="search" hint={T.searchHint} onPress={() => actions.search()}>
            {T.search}
          </Button>
          <ReaderSwitch tabs={tabs} />
          <MachinesButton state={machines} />
        </div>
      </header>
      {actions.isSearching.value && active ? <SearchBar key={active.key} pane={active} actions={actions} /> : null}
      <p class="visually-hidden" id={LEAVE_ID}>
        {T.leave}
      </p>
      {failure ? (
        <FailurePanel code={failure.code} detail={failure.detail ?? null}>
          <Button action="read-again" onPress={() => void tabs.start()}>
            {T.again}
          </Button>
        </FailurePanel>
      ) : null}
      {tabs.isEmpty.value && failure === null && !tabs.isReading.value ? <p class="quiet empty">{T.none}</p> : null}
      <div class="stage">
        {tabs.panes.value.map((pane) => (
          <PaneSlot key={pane.key} pane={pane} isInFront={pane === active} isReader={tabs.isReader.value} />
        ))}
      </div>
      <AlertRows alerts={alerts.value} tabs={tabs} />
      {active ? <PaneState pane={active} machines={machines} /> : null}
      <p class="said" role="status" data-part="said">
        {actions.said.value ?? hoverText(active)}
      </p>
      {active ? <KeyRow pane={active} /> : null}
      <MachinesWindow state={machines} />
    </main>
  );
}

function hoverText(pane: Pane | null): string {
  const address = pane?.hovered.value ?? null;
  return address === null ? '' : T.leadsTo(address);
}

function ReaderSwitch({ tabs }: Pick<Props, 'tabs'>) {
  const isOn = tabs.isReader.value;
  return (
    <button
      type="button"
      class="button plain reader"
      data-action="reader"
      aria-pressed={isOn}
      title={T.readerHint}
      onClick={() => tabs.setReader(!isOn)}
    >
      {T.reader}
    </button>
  );
}

/** Where a pane's terminal stands in the page: behind others it keeps its size, so that it may be drawn on. */
function PaneSlot({
  pane,
  isInFront,
  isReader,
}: {
  readonly pane: Pane;
  readonly isInFront: boolean;
  readonly isReader: boolean;
}) {
  const slot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    slot.current?.append(pane.place);
    void pane.start().then(() => {
      pane.setReader(isReader);
      pane.place.querySelector('textarea')?.setAttribute('aria-describedby', LEAVE_ID);
      if (slot.current?.classList.contains('behind') === false) pane.focus();
    });
  }, []);
  useEffect(() => {
    if (isInFront) pane.focus();
  }, [isInFront]);
  return (
    <div
      ref={slot}
      id={`panel-${pane.key}`}
      role="tabpanel"
      aria-labelledby={`tab-${pane.key}`}
      class={isInFront ? 'slot' : 'slot behind'}
      data-part="terminal"
      data-phase={pane.phase.value.kind}
    />
  );
}
