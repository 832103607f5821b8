// WebAssembly in a box: manifest.ts, runner.ts (host side), worker.ts (in the box, built as one classic script).
export { createWasmRunner, type WasmRunnerOptions } from './runner.ts';
