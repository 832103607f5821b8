import * as v from 'valibot';
import { countSchema as count, numberWithin, textWithin } from '../bounded.ts';
import { LIMITS } from '../limits.ts';
import { MACHINE_PROFILES, MACHINE_SPEC_VERSION, type MachineSpec } from '../machine-spec.ts';
import type { DoorAnswers, DoorPolicy, DoorRequests } from './door.ts';
import type { MachinesDoor } from './machines.ts';
import { sessionIdSchema } from './runs-schema.ts';

const OWN_PAGES = { callers: ['extension'], deadlineMs: 30_000, whenAway: 'start' } as const;

export const MACHINES_POLICY: DoorPolicy<MachinesDoor> = {
  machines: OWN_PAGES,
  createMachine: OWN_PAGES,
  chooseMachine: OWN_PAGES,
  // Above `savingMs`.
  stopMachine: { ...OWN_PAGES, deadlineMs: 150_000 },
  restartMachine: OWN_PAGES,
  removeMachine: OWN_PAGES,
};

const name = textWithin(1, 31);

/** What each method takes; checked where the door is served. */
export const MACHINES_REQUESTS: DoorRequests<MachinesDoor> = {
  machines: v.strictObject({ sessionId: sessionIdSchema }),
  createMachine: v.strictObject({ sessionId: sessionIdSchema, json: textWithin(1, LIMITS.machineSpecUtf16.standard) }),
  chooseMachine: v.strictObject({ sessionId: sessionIdSchema, name: v.nullable(name) }),
  stopMachine: v.strictObject({
    sessionId: sessionIdSchema,
    name: v.nullable(name),
    isUnsaved: v.optional(v.literal(true)),
  }),
  restartMachine: v.strictObject({ sessionId: sessionIdSchema, name: v.nullable(name), keepsSaved: v.boolean() }),
  removeMachine: v.strictObject({ sessionId: sessionIdSchema, name }),
};

/** What the host answers. Made on use, as those of the engine door. */
export function machinesAnswers(): DoorAnswers<MachinesDoor> {
  const text = v.string();
  const spec: v.GenericSchema<unknown, MachineSpec> = v.strictObject({
    version: v.literal(MACHINE_SPEC_VERSION),
    name: text,
    image: v.picklist(MACHINE_PROFILES),
    memoryMB: count,
    cpuShare: numberWithin(0, 1),
    storageMB: count,
    network: v.strictObject({ isEnabled: v.boolean(), origins: v.array(text), ports: v.array(count) }),
    volumes: v.array(v.strictObject({ source: text, target: text, isReadOnly: v.boolean() })),
    environment: v.record(text, text),
  });
  return {
    machines: v.strictObject({
      machines: v.array(
        v.strictObject({
          spec: v.nullable(spec),
          state: v.picklist(['stopped', 'resting', 'running']),
          savedAtMs: v.nullable(count),
        }),
      ),
      chosen: v.nullable(text),
    }),
    createMachine: v.strictObject({ spec, notes: v.array(text) }),
    chooseMachine: v.null(),
    stopMachine: v.null(),
    restartMachine: v.null(),
    removeMachine: v.null(),
  };
}
