import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button, Dialog } from '../kit/index.ts';
import { Failed } from './failed.tsx';
import { FormView } from './form-view.tsx';
import { MachineRow, nameOf } from './machine-row.tsx';
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
