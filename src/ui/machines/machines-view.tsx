import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MachineStatus } from '../../contracts/machine-spec.ts';
import { shownOrigin } from '../../contracts/network-origins.ts';
import { Button, Dialog, momentOf } from '../kit/index.ts';
import { Failed } from './failed.tsx';
import { FormView } from './form-view.tsx';
import type { MachinesState } from './machines-state.ts';
import { MACHINE_TEXTS } from './texts.ts';
import { ToolPackPart } from './tool-pack-part.tsx';

const T = MACHINE_TEXTS;
const LOOK_EVERY_MS = 2_000;

interface Props {
  readonly state: MachinesState;
}

/** The machines of the conversation in a window over the page. */
export function MachinesDialog({ state, onClose }: Props & { readonly onClose: () => void }) {
  const isCreating = useSignal(false);
  useEffect(() => {
    const look = () => void Promise.all([state.read(), state.tools.read()]);
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [state]);
  const known = state.known.value;
  return (
    <Dialog title={T.title} closeLabel={T.close} onClose={onClose}>
      <div class="machines" data-part="machines" data-chosen={known?.chosen ?? ''}>
        <p class="quiet">{T.intro}</p>
        {isCreating.value ? null : <Failed state={state} />}
        <Said state={state} />
        {known === null ? (
          <p role="status">{T.reading}</p>
        ) : (
          <ul>
            {known.machines.map((machine) => (
              <MachineRow key={nameOf(machine) ?? ''} machine={machine} chosen={known.chosen} state={state} />
            ))}
          </ul>
        )}
        {known?.machines.length === 1 && !isCreating.value ? <p data-part="none">{T.none}</p> : null}
        {isCreating.value ? (
          <FormView state={state} onEnd={() => (isCreating.value = false)} />
        ) : (
          <div>
            <Button action="new-machine" kind="primary" onPress={() => (isCreating.value = true)}>
              {T.create}
            </Button>
          </div>
        )}
        {isCreating.value ? null : <ToolPackPart tools={state.tools} />}
      </div>
    </Dialog>
  );
}

const nameOf = ({ spec }: MachineStatus): string | null => spec?.name ?? null;

function Said({ state }: Props) {
  const unallowed = state.unallowed.value;
  return (
    <>
      <div role="status" data-part="machines-said">
        {state.working.value === null ? null : (
          <p>
            {state.working.value} <progress />
          </p>
        )}
        {state.said.value.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {unallowed === null ? null : <p>{T.unallowed(unallowed.hosts.join(', '))}</p>}
      </div>
      {unallowed === null ? null : (
        <div>
          <Button action="allow-hosts" onPress={() => void state.allow(unallowed)}>
            {T.allow}
          </Button>
        </div>
      )}
    </>
  );
}

interface RowProps extends Props {
  readonly machine: MachineStatus;
  readonly chosen: string | null;
}

function MachineRow({ machine, chosen, state }: RowProps) {
  const isAsking = useSignal(false);
  const name = nameOf(machine);
  const shown = name ?? T.usual;
  const isBusy = state.working.value !== null;
  const isChosen = name === chosen;
  return (
    <li data-machine={name ?? ''} data-state={machine.state} aria-current={isChosen}>
      <div class="machine-head">
        <strong>{shown}</strong>
        <span class="quiet">{stateOf(machine, isChosen)}</span>
      </div>
      <p class="quiet">{factsOf(machine)}</p>
      {isAsking.value && name !== null ? (
        <div class="asks" role="group" aria-label={T.removeLabel(shown)}>
          <p>{T.asks(shown)}</p>
          <Button action="remove-now" kind="danger" disabled={isBusy} onPress={() => void state.remove(name)}>
            {T.removeNow}
          </Button>
          <Button action="keep" onPress={() => (isAsking.value = false)}>
            {T.keep}
          </Button>
        </div>
      ) : (
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
          {name === null ? null : (
            <Button
              action="remove-machine"
              label={T.removeLabel(shown)}
              disabled={isBusy}
              onPress={() => (isAsking.value = true)}
            >
              {T.remove}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function stateOf({ state, savedAtMs }: MachineStatus, isChosen: boolean): string {
  const saved = savedAtMs === null ? [] : [T.saved(momentOf(savedAtMs))];
  return [...(isChosen ? [T.inUse] : []), T.states[state], ...saved].join(' · ');
}

function factsOf({ spec }: MachineStatus): string {
  if (spec === null) return T.usualFacts;
  const { image, memoryMB, cpuShare, storageMB, network } = spec;
  const facts = T.facts(image, memoryMB, Math.round(cpuShare * 100), storageMB);
  if (!network.isEnabled) return `${facts} · ${T.network.off}`;
  return network.origins.length === 0
    ? facts
    : `${facts} · ${T.network.narrowed(network.origins.map((origin) => shownOrigin(origin).text).join(', '))}`;
}
