// The run service: admit, select, queue, limit, cancel, record, cache.
export { RunService, type RunServiceOptions } from './run-service.ts';
export { SessionPool } from './session-pool.ts';
