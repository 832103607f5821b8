/**
 * Every bound on input from outside: name, unit, default, smallest, largest, who may change it. Read as `LIMITS.name`. Each
 * row is an export of its own, so that a bundle holds the rows that it uses. Code that loops over foreign input names its
 * row here.
 */
export interface Limit {
  readonly unit: 'ms' | 'bytes' | 'MB' | 'count' | 'utf16' | 'perSecond';
  readonly standard: number;
  readonly smallest: number;
  readonly largest: number;
  readonly changedBy: 'person' | 'nobody';
}

const MB = 1024 * 1024;
/* @__NO_SIDE_EFFECTS__ */
const fixed = (unit: Limit['unit'], standard: number): Limit => ({
  unit,
  standard,
  smallest: standard,
  largest: standard,
  changedBy: 'nobody',
});

// runs (B8)
export const runTimeMs: Limit = {
  unit: 'ms',
  standard: 30_000,
  smallest: 1_000,
  largest: 600_000,
  changedBy: 'person',
};
export const pythonMemoryMB: Limit = { unit: 'MB', standard: 256, smallest: 128, largest: 1024, changedBy: 'person' };
export const outputShownBytes: Limit = {
  unit: 'bytes',
  standard: 2 * MB,
  smallest: 64 * 1024,
  largest: 16 * MB,
  changedBy: 'person',
};
export const outputFileBytes = fixed('bytes', 100 * MB);
export const artifactCount = fixed('count', 100);
export const artifactBytes = fixed('bytes', 100 * MB);
export const tableRowsShown = fixed('count', 1_000);
export const tableColumnsShown = fixed('count', 100);
export const displayBytes = fixed('bytes', 32 * MB);
export const inputBytes = fixed('bytes', 64 * 1024);
export const codeUtf16 = fixed('utf16', MB);
export const runsPerMinuteFromPage = fixed('count', 60);
export const runsWaiting = fixed('count', 100);
export const runsAtOnce = fixed('count', 3);
/** Runs that wait for a person's answer give their place to others, so many at most; the rest keep theirs. */
export const runsAskingAtOnce = fixed('count', 3);
/** After so long without an answer the input is closed, as a terminal's end of file. */
export const inputWaitMs = fixed('ms', 1_800_000);
export const runsKept = fixed('count', 1_000);
export const runLogsKept = fixed('count', 200);
export const runLogsUtf16 = fixed('utf16', 96 * MB);
export const outputPieceUtf16 = fixed('utf16', 64 * 1024);
export const timeGraceMs = fixed('ms', 1_500);
export const sessionsKept = fixed('count', 4);
export const sessionStartMs = fixed('ms', 60_000);
export const stdinLines = fixed('count', 10_000);
export const claimsKept = fixed('count', 100_000);
export const stopGraceMs = fixed('ms', 1_000);
export const boxReadyMs = fixed('ms', 15_000);
/** A spare engine that nobody wanted for so long is ended. */
export const spareIdleMs = fixed('ms', 300_000);
/** A host to which nobody is connected, without session, run and spare, goes after so long. */
export const hostIdleMs = fixed('ms', 60_000);
/** Tabs whose named sessions are remembered. */
export const tabsRemembered = fixed('count', 200);
export const sessionIdleMs: Limit = {
  unit: 'ms',
  standard: 600_000,
  smallest: 60_000,
  largest: 3_600_000,
  changedBy: 'person',
};
// files (B7)
export const fileBytes = fixed('bytes', 512 * MB);
/** What is copied into a worker that cannot read files live: all of it lies in its memory. */
export const copiedInBytes = fixed('bytes', 256 * MB);
/** All files of one session together. */
export const sessionBytes = fixed('bytes', 2_048 * MB);
export const filesOpenAtOnce = fixed('count', 64);
export const fileCount = fixed('count', 20_000);
export const filePathUtf16 = fixed('utf16', 1_024);
/** A file goes through the door in pieces of this size, so that it may be larger than one message. */
export const filePieceBytes = fixed('bytes', 32 * MB);
// channels
export const messageBytes = fixed('bytes', 128 * MB);
export const messagePartChars = fixed('count', 256 * 1024);
export const messagePartsUnseen = fixed('count', 32);
export const messagesOpenAtOnce = fixed('count', 8);
export const requestsRemembered = fixed('count', 256);
export const requestsOpenPerPort = fixed('count', 64);
export const batchesUnseen = fixed('count', 8);
export const itemsPerBatch = fixed('count', 500);
export const badMessagesPerPort = fixed('count', 100);
export const watchesPerPort = fixed('count', 256);
export const sessionsNamedPerTab = fixed('count', 200);
export const helloMs = fixed('ms', 2_000);
export const heartbeatMs = fixed('ms', 5_000);
export const hostSearchMs = fixed('ms', 20_000);
export const eventsKeptPerRun = fixed('count', 10_000);
// wire and capture (A2, A3)
export const wireEventUtf16 = fixed('utf16', 8 * MB);
export const wireFrameBytes = fixed('bytes', 16 * MB);
export const wireDocumentBytes = fixed('bytes', 64 * MB);
export const wireMessageUtf16 = fixed('utf16', 32 * MB);
export const wireNesting = fixed('count', 64);
export const wireDocumentsPerStream = fixed('count', 2_048);
export const wireStreamsOpen = fixed('count', 64);
export const wireTopicsKept = fixed('count', 256);
export const wireItemsKeptPerTopic = fixed('count', 100_000);
export const wireFragments = fixed('count', 1_024);
export const wireFragmentSets = fixed('count', 64);
export const wireFragmentWaitMs = fixed('ms', 60_000);
export const wireMessagesKept = fixed('count', 4_096);
export const wireCallKeysKept = fixed('count', 50_000);
export const wireEnvelopesPerSecond = fixed('perSecond', 50_000);
export const wireArchiveBytes = fixed('bytes', 1_024 * MB);
