import { ENGINE_POLICY, engineAnswers } from '../contracts/doors/engine-policy.ts';
import type { EngineDoor } from '../contracts/doors/engine.ts';
import { RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { NumberedRunEvent } from '../contracts/run.ts';
import { checksOf } from './door-checks.ts';
import { type HostDoorOptions, openHostDoor } from './host-door.ts';

/** What only pages of the extension may ask of the host; the same port as the runs door. After the signal all calls fail. */
export function connectEngineDoor(options: HostDoorOptions): EngineDoor {
  const { calls } = openHostDoor<NumberedRunEvent>(RUNS_PORT, ENGINE_POLICY, checksOf(engineAnswers()), options);
  // One row of the policy for each method, and the client checks each answer against that row.
  return calls as unknown as EngineDoor;
}
