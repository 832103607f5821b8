import { cmdlineOf } from '../../../container/boot/index.ts';
import type { Machine, MachineOptions } from '../../../container/machine/index.ts';
import type { SavedEngine } from '../../../contracts/runner.ts';
import type { MachinePlan } from './plan.ts';
import type { StartState } from './start-state.ts';

interface MachineStart {
  readonly plan: Pick<MachinePlan, 'image' | 'boots'>;
  readonly state: StartState;
  readonly saved: Promise<SavedEngine | null>;
  open(from: Pick<MachineOptions, 'state' | 'boot'>): Promise<Machine>;
}

/** The machine from the best that there is: what its session saved, the state of its image, or a boot where that does not fit. */
export function startMachine(start: MachineStart): Promise<Machine> {
  return start.plan.boots ? startBooting(start) : startRestored(start);
}

/** What was saved is tried again before it is passed over. */
async function startRestored({ state, open }: MachineStart): Promise<Machine> {
  for (;;)
    try {
      return await open({ state: state.next });
    } catch (error) {
      if (!state.isOnSaved) throw error;
    }
}

/** Nobody's machine: it has its session before it starts. */
async function startBooting({ plan: { image }, state, saved, open }: MachineStart): Promise<Machine> {
  const kept = await saved;
  state.offer(kept?.state ?? null);
  const boot = async (): Promise<Machine> => {
    state.booted();
    if (image.boot === null) throw new Error('the machine lacks what it boots from');
    return open({ boot: { ...(await image.boot()), cmdline: cmdlineOf(image.disk !== null) } });
  };
  if (kept === null) return boot();
  for (;;)
    try {
      return await open({ state: state.next });
    } catch (error) {
      if (state.isShort) throw error;
      if (!state.isOnSaved) return boot();
    }
}
