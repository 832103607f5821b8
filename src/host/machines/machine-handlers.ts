import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { MachinesDoor } from '../../contracts/doors/machines.ts';
import type { Handlers, InSession } from '../handlers.ts';
import type { MachineCallsHost } from './machine-calls.ts';

type MachineHandlers = Pick<Handlers<EngineDoor>, keyof MachinesDoor>;

/** What pages ask about machines; the code for it is loaded with the first question, as most hosts hear none. */
export function createMachineHandlers(host: MachineCallsHost, inSession: InSession): MachineHandlers {
  let loading: Promise<MachineHandlers> | null = null;
  const load = () =>
    (loading ??= import('./machine-calls.ts').then(({ createMachineCalls }) => createMachineCalls(host, inSession)));
  return {
    machines: async (request, context) => (await load()).machines(request, context),
    createMachine: async (request, context) => (await load()).createMachine(request, context),
    chooseMachine: async (request, context) => (await load()).chooseMachine(request, context),
    stopMachine: async (request, context) => (await load()).stopMachine(request, context),
    restartMachine: async (request, context) => (await load()).restartMachine(request, context),
    removeMachine: async (request, context) => (await load()).removeMachine(request, context),
  };
}
