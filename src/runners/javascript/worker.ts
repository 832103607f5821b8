// The worker of the JavaScript runner: one classic script, first of all code in its worker after the box's own shell.
import { serveEngine, type WorkerScope } from '../kit/worker/index.ts';
import { createJavaScriptEngine } from './worker/engine.ts';

export function startJavaScriptWorker(scope: WorkerScope): void {
  serveEngine(scope, createJavaScriptEngine());
}
