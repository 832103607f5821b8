// The run service: admit, select, queue, limit, cancel, record, cache.
export { CachedRuns, type CachedRunsOptions, openResultCache, type ResultCache } from './cache/index.ts';
export { apartSession, machineNameOf, machineSession, ownerOfFiles } from './apart-session.ts';
export { capabilitiesOf } from './capabilities.ts';
export { type Choices, select, type SelectInput, type Surroundings } from './select/index.ts';
export { type NetworkUser, unknownPlace } from './engine-places.ts';
export { displayUtf16 } from './display-weight.ts';
export { PastRuns } from './past-runs.ts';
export { programOf, type ReadProgram, RunNeeds } from './run-needs.ts';
export { RunService, type RunServiceOptions } from './run-service.ts';
export { type ChoicePatch, SessionChoiceBook } from './session-choices.ts';
export { type HeldSession, SessionPool } from './session-pool.ts';
export { failureOf } from './run-failures.ts';
export { settledWithin } from './settled-within.ts';
