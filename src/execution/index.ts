// The run service: admit, select, queue, limit, cancel, record, cache.
export { displayUtf16 } from './display-weight.ts';
export { RunService, type RunServiceOptions } from './run-service.ts';
export { SessionPool } from './session-pool.ts';
