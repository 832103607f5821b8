import type { MethodPolicy } from '../contracts/doors/door.ts';
import { ENGINE_POLICY, engineAnswers } from '../contracts/doors/engine-policy.ts';
import type { EngineDoor } from '../contracts/doors/engine.ts';
import { RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { NumberedRunEvent } from '../contracts/run.ts';
import { askBackground, connectPort, type RawPort } from '../platform/index.ts';
import { checksOf } from './door-checks.ts';
import { DoorClient } from './door-client.ts';

/** What only pages of the extension may ask of the host; the same port as the runs door. After the signal all calls fail. */
export function connectEngineDoor(options: {
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly connect?: () => RawPort;
  readonly ensureOther?: () => Promise<unknown>;
}): EngineDoor {
  const methods = ENGINE_POLICY as Readonly<Record<string, MethodPolicy>>;
  const client = new DoorClient<NumberedRunEvent>({
    door: RUNS_PORT,
    methods,
    checks: checksOf(engineAnswers()),
    connect: options.connect ?? (() => connectPort(RUNS_PORT)),
    ensureOther: options.ensureOther ?? (() => askBackground('ensure-host')),
    signal: options.signal,
  });
  const calls = Object.keys(methods).map((name) => [name, (request: unknown) => client.call(name, request)] as const);
  // One row of the policy for each method, and the client checks each answer against that row.
  return Object.fromEntries(calls) as unknown as EngineDoor;
}
