// A real Linux in a box, for programs of the shell: manifest.ts, runner.ts (host side), worker.ts (in the box, built as one classic script).
export { createLinuxSpec, type LentToolPack } from './engine.ts';
export { createLinuxRunner, type LinuxRunnerOptions } from './runner.ts';
