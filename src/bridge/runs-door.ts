import type { AppError } from '../contracts/errors.ts';
import { RUNS_POLICY, RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { RunsDoor } from '../contracts/doors/runs.ts';
import type { NumberedRunEvent } from '../contracts/run.ts';
import type { DoorChecks } from './door-protocol.ts';
import { type HostDoorOptions, openHostDoor } from './host-door.ts';

interface RunsDoorOptions extends HostDoorOptions {
  /** `runsChecks()`, for whoever can afford the schemas: the content script cannot (decision 0035). */
  readonly checks?: DoorChecks;
}

/**
 * The door to the host, from a content script or a page of the extension. Connects when first used, has the host started
 * where there is none, and comes back by itself; every call ends by its deadline. After the signal all calls fail.
 */
export function connectRunsDoor(options: RunsDoorOptions): RunsDoor {
  const { client, calls } = openHostDoor<NumberedRunEvent>(RUNS_PORT, RUNS_POLICY, options.checks, options);
  const watch: RunsDoor['watch'] = ({ runId, after, onEvent, onLost, signal }) => {
    const lost = (error: AppError) => onLost(error);
    client.watch({ body: { runId, after } as { after: number }, onItem: onEvent, onLost: lost, signal });
  };
  // One row of the policy for each method.
  return { ...calls, watch } as unknown as RunsDoor;
}
