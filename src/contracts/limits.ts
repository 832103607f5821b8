/**
 * Every bound on input from outside, in one table: name, unit, default, smallest, largest, who may change it.
 * Code that loops over foreign input names its row here.
 */
export interface Limit {
  readonly unit: 'ms' | 'bytes' | 'MB' | 'count' | 'utf16' | 'perSecond';
  readonly standard: number;
  readonly smallest: number;
  readonly largest: number;
  readonly changedBy: 'person' | 'nobody';
}

const MB = 1024 * 1024;
const fixed = (unit: Limit['unit'], standard: number): Limit => ({
  unit,
  standard,
  smallest: standard,
  largest: standard,
  changedBy: 'nobody',
});

export const LIMITS = {
  // runs (B8)
  runTimeMs: { unit: 'ms', standard: 30_000, smallest: 1_000, largest: 600_000, changedBy: 'person' },
  pythonMemoryMB: { unit: 'MB', standard: 256, smallest: 128, largest: 1024, changedBy: 'person' },
  outputShownBytes: { unit: 'bytes', standard: 2 * MB, smallest: 64 * 1024, largest: 16 * MB, changedBy: 'person' },
  outputFileBytes: fixed('bytes', 100 * MB),
  artifactCount: fixed('count', 100),
  artifactBytes: fixed('bytes', 100 * MB),
  tableRowsShown: fixed('count', 1_000),
  tableColumnsShown: fixed('count', 100),
  displayBytes: fixed('bytes', 32 * MB),
  inputBytes: fixed('bytes', 64 * 1024),
  codeUtf16: fixed('utf16', MB),
  runsPerMinuteFromPage: fixed('count', 60),
  runsWaiting: fixed('count', 100),
  runsAtOnce: fixed('count', 3),
  runsKept: fixed('count', 1_000),
  runLogsKept: fixed('count', 200),
  runLogsUtf16: fixed('utf16', 96 * MB),
  outputPieceUtf16: fixed('utf16', 64 * 1024),
  timeGraceMs: fixed('ms', 1_500),
  sessionsKept: fixed('count', 4),
  sessionStartMs: fixed('ms', 60_000),
  stdinLines: fixed('count', 10_000),
  claimsKept: fixed('count', 100_000),
  stopGraceMs: fixed('ms', 1_000),
  boxReadyMs: fixed('ms', 15_000),
  sessionIdleMs: { unit: 'ms', standard: 600_000, smallest: 60_000, largest: 3_600_000, changedBy: 'person' },
  // files (B7)
  fileBytes: fixed('bytes', 512 * MB),
  filesOpenAtOnce: fixed('count', 64),
  fileCount: fixed('count', 20_000),
  filePathUtf16: fixed('utf16', 1_024),
  // channels
  messageBytes: fixed('bytes', 128 * MB),
  messagePartChars: fixed('count', 256 * 1024),
  messagePartsUnseen: fixed('count', 32),
  messagesOpenAtOnce: fixed('count', 8),
  requestsRemembered: fixed('count', 256),
  requestsOpenPerPort: fixed('count', 64),
  batchesUnseen: fixed('count', 8),
  itemsPerBatch: fixed('count', 500),
  badMessagesPerPort: fixed('count', 100),
  watchesPerPort: fixed('count', 256),
  sessionsNamedPerTab: fixed('count', 200),
  helloMs: fixed('ms', 2_000),
  heartbeatMs: fixed('ms', 5_000),
  hostSearchMs: fixed('ms', 20_000),
  eventsKeptPerRun: fixed('count', 10_000),
  // wire and capture (A2, A3)
  wireEventUtf16: fixed('utf16', 8 * MB),
  wireFrameBytes: fixed('bytes', 16 * MB),
  wireDocumentBytes: fixed('bytes', 64 * MB),
  wireMessageUtf16: fixed('utf16', 32 * MB),
  wireNesting: fixed('count', 64),
  wireDocumentsPerStream: fixed('count', 2_048),
  wireStreamsOpen: fixed('count', 64),
  wireTopicsKept: fixed('count', 256),
  wireItemsKeptPerTopic: fixed('count', 100_000),
  wireFragments: fixed('count', 1_024),
  wireFragmentSets: fixed('count', 64),
  wireFragmentWaitMs: fixed('ms', 60_000),
  wireMessagesKept: fixed('count', 4_096),
  wireCallKeysKept: fixed('count', 50_000),
  wireEnvelopesPerSecond: fixed('perSecond', 50_000),
  wireArchiveBytes: fixed('bytes', 1_024 * MB),
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;
