import type { AppError } from '../contracts/errors.ts';
import type { MethodPolicy } from '../contracts/doors/door.ts';
import { RUNS_POLICY, RUNS_PORT } from '../contracts/doors/runs-policy.ts';
import type { RunsDoor } from '../contracts/doors/runs.ts';
import type { NumberedRunEvent } from '../contracts/run.ts';
import { askBackground, connectPort, type RawPort } from '../platform/index.ts';
import { DoorClient } from './door-client.ts';
import type { DoorChecks } from './door-protocol.ts';

/**
 * The door to the host, from a content script or a page of the extension. Connects when first used, has the host started
 * where there is none, and comes back by itself; every call ends by its deadline. After the signal all calls fail.
 */
export function connectRunsDoor(options: {
  readonly signal: AbortSignal;
  /** `runsChecks()`, for whoever can afford the schemas: the content script cannot (decision 0035). */
  readonly checks?: DoorChecks;
  /** For tests; the browser's own otherwise. */
  readonly connect?: () => RawPort;
  readonly ensureOther?: () => Promise<unknown>;
}): RunsDoor {
  const methods = RUNS_POLICY as Readonly<Record<string, MethodPolicy>>;
  const client = new DoorClient<NumberedRunEvent>({
    door: RUNS_PORT,
    methods,
    checks: options.checks,
    connect: options.connect ?? (() => connectPort(RUNS_PORT)),
    ensureOther: options.ensureOther ?? (() => askBackground('ensure-host')),
    signal: options.signal,
  });
  const calls = Object.keys(methods).map((name) => [name, (request: unknown) => client.call(name, request)] as const);
  const watch: RunsDoor['watch'] = ({ runId, after, onEvent, onLost, signal }) => {
    const lost = (error: AppError) => onLost(error);
    client.watch({ body: { runId, after } as { after: number }, onItem: onEvent, onLost: lost, signal });
  };
  // One row of the policy for each method.
  return { ...Object.fromEntries(calls), watch } as unknown as RunsDoor;
}
