// Which files a run wrote, and how they are told: for the worker that writes them, or the host where it serves them.
export { announceFiles } from './announce.ts';
export { type Changes, createChanges } from './changes.ts';
