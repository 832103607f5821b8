// The host half of the runner protocol: a session over one box worker, and what opens it. Never a language.
export { createEngineRunner, type EngineRunnerOptions, type OwnEngine } from './engine-runner.ts';
export type { EngineRecovery, SaidOfLoss } from './engine-recovery.ts';
export {
  type EngineParts,
  engineSpec,
  type EngineSource,
  type ImageSource,
  packagedSource,
  readAnew,
} from './engine-source.ts';
export type { ServedFile, ServedFiles } from './session-tree.ts';
export { initializeMessage, type Initialized } from './start-worker.ts';
