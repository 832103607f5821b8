// The worker of the Lua runner: one classic script, first of all code in its worker after the box's own shell.
import { serveEngine, type WorkerScope } from '../kit/worker/index.ts';
import { createLuaEngine } from './worker/engine.ts';

export function startLuaWorker(scope: WorkerScope): void {
  serveEngine(scope, createLuaEngine);
}
