// The queue of runs: who begins when, and beside whom.
export { type GovernorOptions, type QueueBounds } from './governor.ts';
export { type Job } from './job.ts';
export { RunQueue } from './run-queue.ts';
