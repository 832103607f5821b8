// Dexie tables, migrations, one repository per table. Never in a page's origin; never hands out a Dexie object.
export { createClaims, type Claims } from './claims.ts';
export { openDatabase, type CompanionDatabase } from './open-database.ts';
export { createRunHistory, type RunHistory } from './run-history.ts';
export { createSessionRecords, type SessionMark, type SessionRecords } from './session-records.ts';
