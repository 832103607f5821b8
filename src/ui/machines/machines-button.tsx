import { useEffect } from 'preact/hooks';
import { Button } from '../kit/index.ts';
import { MachinesDialog } from './machines-view.tsx';
import type { MachinesState } from './machines-state.ts';
import { MACHINE_TEXTS } from './texts.ts';

const T = MACHINE_TEXTS;

/** Names the machine that is in use, and opens the window with all of them. */
export function MachinesButton({ state }: { readonly state: MachinesState }) {
  useEffect(() => void state.read(), [state]);
  return (
    <Button action="machines" hint={T.buttonHint} onPress={() => (state.isOpen.value = true)}>
      {T.button(state.known.value?.chosen ?? null)}
    </Button>
  );
}

/** That window, while it is open. */
export function MachinesWindow({ state }: { readonly state: MachinesState }) {
  return state.isOpen.value ? <MachinesDialog state={state} onClose={() => (state.isOpen.value = false)} /> : null;
}
