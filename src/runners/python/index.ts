// One engine: manifest.ts, runner.ts (host side), worker.ts (in the box, built as one classic script).
export { chooseStart, createEngineSpec } from './engine.ts';
export { createPythonRunner, type PythonRunnerOptions } from './runner.ts';
