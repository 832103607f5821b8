// A worker of the Linux runner whose machine rests once it has told twice what it uses.
import { LIMITS } from '../../../src/contracts/limits.ts';
import { createLinuxEngine } from '../../../src/runners/linux/worker/engine.ts';
import { serveEngine, type WorkerScope } from '../../../src/runners/kit/worker/index.ts';

export function startSlowRest(scope: WorkerScope): void {
  serveEngine(scope, (host) => createLinuxEngine(host, { restAfterMs: 2.5 * LIMITS.meterEveryMs.standard }));
}
