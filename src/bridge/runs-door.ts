import { RUNS_POLICY, RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { RunFollower, RunsDoor } from '../contracts/doors/runs.ts';
import type { RunId } from '../contracts/ids.ts';
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
  const followed = ({ onEvent, onLost, signal }: RunFollower, after: number, runId?: RunId) => ({
    body: { runId, after },
    onItem: onEvent,
    onLost,
    signal,
  });
  const own: Pick<RunsDoor, 'watch'> & { readonly start: (...given: Parameters<RunsDoor['start']>) => unknown } = {
    start: (request, follower) => client.call('start', request, follower && followed(follower, 0)),
    watch: (request) => client.watch(followed(request, request.after, request.runId)),
  };
  // One row of the policy for each method.
  return { ...calls, ...own } as unknown as RunsDoor;
}
