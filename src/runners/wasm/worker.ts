// The worker of the WebAssembly runner: one classic script, first of all code in its worker after the box's own shell.
import { serveEngine, type WorkerScope } from '../kit/worker/index.ts';
import { createEngine } from './worker/engine.ts';

export function startWasmWorker(scope: WorkerScope): void {
  serveEngine(scope, createEngine);
}
