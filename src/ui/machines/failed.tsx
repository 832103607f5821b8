import { Button, FailurePanel } from '../kit/index.ts';
import type { MachinesState } from './machines-state.ts';
import { MACHINE_TEXTS } from './texts.ts';

/** Why the last thing that was asked was not done. */
export function Failed({ state }: { readonly state: MachinesState }) {
  const failure = state.failure.value;
  const unsaved = state.unsaved.value;
  if (failure === null) return null;
  const again = (): void => {
    state.failure.value = null;
    void state.read();
  };
  return (
    <FailurePanel code={failure.code} detail={failure.detail ?? null}>
      {state.known.value === null ? (
        <Button action="read-machines" onPress={again}>
          {MACHINE_TEXTS.again}
        </Button>
      ) : null}
      {unsaved === null ? null : (
        <Button action="stop-unsaved" kind="danger" onPress={() => void state.stopUnsaved(unsaved.name)}>
          {MACHINE_TEXTS.stopUnsaved}
        </Button>
      )}
    </FailurePanel>
  );
}
