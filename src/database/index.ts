// Dexie tables, migrations, one repository per table. Never in a page's origin; never hands out a Dexie object.
export { createClaims, type Claims } from './claims.ts';
export { createCopiedFolders } from './copied-folders.ts';
export { createCachedResults, type CachedResults } from './cached-results.ts';
export { createChoiceRecords, type ChoiceRecords } from './choices.ts';
export { createEgressLog, type EgressLog } from './egress-log.ts';
export { createMachineRecords, type MachineRecords } from './machines.ts';
export { createNetworkConsents, type NetworkConsents } from './network-consents.ts';
export {
  openDatabase,
  type CompanionDatabase,
  type CachedRow,
  type ConsentRow,
  type EstimateRow,
  type SessionChoicesRow,
} from './open-database.ts';
export { createRunEstimates, type RunEstimates } from './run-estimates.ts';
export { createRunHistory, type RunHistory } from './run-history.ts';
export { createSavedEngines, createSavedSizes, createSavedTimes, type SavedTimes } from './saved-engines.ts';
export { createSessionRecords, type SessionMark, type SessionRecords } from './session-records.ts';
export { storageFailure } from './storage-failure.ts';
export { createTextRecords, type TextRecords } from './texts.ts';
