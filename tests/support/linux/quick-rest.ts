// A worker of the Linux runner whose machine rests as soon as nobody uses it.
import { createLinuxEngine } from '../../../src/runners/linux/worker/engine.ts';
import { serveEngine, type WorkerScope } from '../../../src/runners/kit/worker/index.ts';

export function startQuickRest(scope: WorkerScope): void {
  serveEngine(scope, (host) => createLinuxEngine(host, { restAfterMs: 20 }));
}
