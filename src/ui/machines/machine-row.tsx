import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type MachineStatus, PROFILES } from '../../contracts/machine-spec.ts';
import { shownOrigin } from '../../contracts/network-origins.ts';
import { Button, momentOf } from '../kit/index.ts';
import { RestartChoice } from '../restart-choice.tsx';
import type { MachinesState } from './machines-state.ts';
import { MACHINE_TEXTS } from './texts.ts';

const T = MACHINE_TEXTS;

interface RowProps {
  readonly machine: MachineStatus;
  readonly chosen: string | null;
  readonly state: MachinesState;
}

export const nameOf = ({ spec }: MachineStatus): string | null => spec?.name ?? null;

/** One machine: what it is, and what can be done with it. */
export function MachineRow({ machine, chosen, state }: RowProps) {
  const asks = useSignal<'remove' | 'restart' | null>(null);
  const row = useRef<HTMLLIElement>(null);
  const last = useRef(asks.value);
  const name = nameOf(machine);
  const shown = name ?? T.usual;
  const isBusy = state.working.value !== null;
  const isChosen = name === chosen;
  useLayoutEffect(() => {
    // The keys go on from where they began.
    if (asks.value === null && last.current !== null)
      row.current?.querySelector<HTMLElement>(`[data-action="${last.current}-machine"]`)?.focus();
    last.current = asks.value;
  }, [asks.value]);
  return (
    <li ref={row} data-machine={name ?? ''} data-state={machine.state} aria-current={isChosen}>
      <div class="machine-head">
        <strong>{shown}</strong>
        <span class="quiet">{stateOf(machine, isChosen)}</span>
      </div>
      <p class="quiet">{factsOf(machine)}</p>
      {asks.value === 'restart' ? (
        <RestartChoice
          name={shown}
          savedAtMs={machine.savedAtMs}
          isBusy={isBusy}
          onRestart={(keepsSaved) => void state.restart(name, keepsSaved).then(() => (asks.value = null))}
          onLeave={() => (asks.value = null)}
        />
      ) : asks.value === 'remove' && name !== null ? (
        <div class="asks" role="group" aria-label={T.removeLabel(shown)}>
          <p>{T.asks(shown)}</p>
          <Button action="remove-now" kind="danger" disabled={isBusy} onPress={() => void state.remove(name)}>
            {T.removeNow}
          </Button>
          <Button action="keep" onPress={() => (asks.value = null)}>
            {T.keep}
          </Button>
        </div>
      ) : (
        <Actions machine={machine} isChosen={isChosen} state={state} asks={asks} />
      )}
    </li>
  );
}

interface ActionsProps extends Pick<RowProps, 'machine' | 'state'> {
  readonly isChosen: boolean;
  readonly asks: Signal<'remove' | 'restart' | null>;
}

function Actions({ machine, isChosen, state, asks }: ActionsProps) {
  const name = nameOf(machine);
  const shown = name ?? T.usual;
  const isBusy = state.working.value !== null;
  return (
    <div class="machine-actions">
      <Button
        action="use-machine"
        label={T.useLabel(shown)}
        disabled={isBusy || isChosen}
        onPress={() => void state.choose(name)}
      >
        {T.use}
      </Button>
      <Button
        action="stop-machine"
        label={T.stopLabel(shown)}
        disabled={isBusy || machine.state === 'stopped'}
        onPress={() => void state.stop(name)}
      >
        {T.stop}
      </Button>
      <Button
        action="restart-machine"
        label={T.restartLabel(shown)}
        disabled={isBusy}
        onPress={() => (asks.value = 'restart')}
      >
        {T.restart}
      </Button>
      {name === null ? null : (
        <Button
          action="remove-machine"
          label={T.removeLabel(shown)}
          disabled={isBusy}
          onPress={() => (asks.value = 'remove')}
        >
          {T.remove}
        </Button>
      )}
    </div>
  );
}

function stateOf({ state, savedAtMs }: MachineStatus, isChosen: boolean): string {
  const saved = savedAtMs === null ? [] : [T.saved(momentOf(savedAtMs))];
  return [...(isChosen ? [T.inUse] : []), T.states[state], ...saved].join(' · ');
}

function factsOf({ spec }: MachineStatus): string {
  if (spec === null) return T.usualFacts;
  const { image, memoryMB, cpuShare, storageMB, network } = spec;
  const facts = [T.facts(image, memoryMB, Math.round(cpuShare * 100), storageMB)];
  // One that was stored before it could not be made so may say that it has a network.
  if (!network.isEnabled || !PROFILES[image].hasNetwork) facts.push(T.network.off);
  else if (network.origins.length > 0)
    facts.push(T.network.narrowed(network.origins.map((origin) => shownOrigin(origin).text).join(', ')));
  if (network.ports.length > 0) facts.push(T.network.ports(network.ports.join(', ')));
  return facts.join(' · ');
}
