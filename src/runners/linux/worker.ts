// The worker of the Linux runner: one classic script, first of all code in its worker after the box's own shell.
import { serveEngine, type WorkerScope } from '../kit/worker/index.ts';
import { createLinuxEngine } from './worker/engine.ts';

export function startLinuxWorker(scope: WorkerScope): void {
  serveEngine(scope, (host) => createLinuxEngine(host));
}
