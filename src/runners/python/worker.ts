// The worker of the Python runner: one classic script, first of all code in its worker after the box's own shell.
import { openChannel, type WorkerScope } from '../kit/worker/index.ts';
import { servePython } from './worker/serve.ts';

export function startPythonWorker(scope: WorkerScope): void {
  servePython(openChannel(scope), scope);
}
