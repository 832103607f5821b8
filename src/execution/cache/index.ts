// Answers of programs that depend on nothing, kept in tiers.
export { CachedRuns, type CachedRunsOptions, replay } from './cached-runs.ts';
export { openResultCache } from './open-result-cache.ts';
export { type ProgramResult, ResultCache } from './result-cache.ts';
