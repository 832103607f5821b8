/**
 * Every bound on input from outside: name, unit, default, and for those that a person may change the smallest and largest.
 * Read as `LIMITS.name`. Each row is an export of its own and a plain object, so that a bundle holds the numbers that it
 * uses and nothing else. Code that loops over foreign input names its row here.
 */

type Unit = 'ms' | 'bytes' | 'MB' | 'count' | 'percent' | 'utf16' | 'perSecond';

/** Nobody changes it. */
export interface FixedLimit {
  readonly unit: Unit;
  readonly standard: number;
}

/** A person may change it. */
export interface Limit extends FixedLimit {
  readonly smallest: number;
  readonly largest: number;
}

const MB = 1024 * 1024;

// runs
export const runTimeMs: Limit = {
  unit: 'ms',
  standard: 30_000,
  smallest: 1_000,
  largest: 600_000,
};
export const pythonMemoryMB: Limit = { unit: 'MB', standard: 256, smallest: 128, largest: 1024 };
export const outputShownBytes: FixedLimit = { unit: 'bytes', standard: 2 * MB };
/** More than that of one run no engine sends that keeps to it. */
export const outputForgedUtf16: FixedLimit = { unit: 'utf16', standard: 16 * MB };
export const outputFileBytes: FixedLimit = { unit: 'bytes', standard: 100 * MB };
/** What the latest runs of a session keep beside its files, and how many runs that is; what the last one keeps stays in any case. */
export const keptBytes: FixedLimit = { unit: 'bytes', standard: 256 * MB };
export const keptRuns: FixedLimit = { unit: 'count', standard: 200 };
export const artifactCount: FixedLimit = { unit: 'count', standard: 100 };
export const artifactBytes: FixedLimit = { unit: 'bytes', standard: 100 * MB };
export const tableRowsShown: FixedLimit = { unit: 'count', standard: 1_000 };
export const tableColumnsShown: FixedLimit = { unit: 'count', standard: 100 };
export const displayBytes: FixedLimit = { unit: 'bytes', standard: 32 * MB };
export const inputBytes: FixedLimit = { unit: 'bytes', standard: 64 * 1024 };
export const codeUtf16: FixedLimit = { unit: 'utf16', standard: MB };
export const runsPerMinuteFromPage: FixedLimit = { unit: 'count', standard: 60 };
export const runsQueued: FixedLimit = { unit: 'count', standard: 2_000 };
/** The code of all runs that wait, together. */
export const queuedCodeUtf16: FixedLimit = { unit: 'utf16', standard: 64 * MB };
export const runsAtOnce: Limit = { unit: 'count', standard: 3, smallest: 1, largest: 4 };
/** Calls of which one question asks whether they ran. */
export const callKeysAsked: FixedLimit = { unit: 'count', standard: 50 };
/** Runs that are expected to work the processor for long. */
export const heavyRunsAtOnce: FixedLimit = { unit: 'count', standard: 2 };
/** What the runs at work are expected to need together. */
export const poolMB: Limit = { unit: 'MB', standard: 256, smallest: 64, largest: 2_048 };
/** A run that others went before so often goes next. */
export const passedBy: FixedLimit = { unit: 'count', standard: 8 };
export const runDependencies: FixedLimit = { unit: 'count', standard: 16 };
/** Outcomes that a later run may still depend on without a look into the history. */
export const outcomesRemembered: FixedLimit = { unit: 'count', standard: 4_000 };
/** Memory of languages other than Python. */
export const otherMemoryMB: Limit = { unit: 'MB', standard: 128, smallest: 16, largest: 1_024 };
/** Beyond these a program is advised to run elsewhere. */
export const hereTimeMs: Limit = { unit: 'ms', standard: 30_000, smallest: 1_000, largest: 600_000 };
export const hereMemoryMB: Limit = { unit: 'MB', standard: 256, smallest: 32, largest: 2_048 };
/** What this device learnt of past runs. */
export const estimatesKept: FixedLimit = { unit: 'count', standard: 5_000 };
/** Results of programs that depend on nothing: in memory, on disk, and longer and packed on disk. */
export const cacheMemoryBytes: FixedLimit = { unit: 'bytes', standard: 64 * MB };
export const cacheMemoryMs: FixedLimit = { unit: 'ms', standard: 300_000 };
export const cacheStorageBytes: FixedLimit = { unit: 'bytes', standard: 256 * MB };
export const cacheStorageMs: FixedLimit = { unit: 'ms', standard: 3_600_000 };
export const cachePersistentBytes: FixedLimit = { unit: 'bytes', standard: 1_024 * MB };
export const cachePersistentMs: FixedLimit = { unit: 'ms', standard: 86_400_000 };
/** A larger result is not kept at all. */
export const cachedResultBytes: FixedLimit = { unit: 'bytes', standard: 8 * MB };
/** Results that one tier on disk holds. */
export const cachedResults: FixedLimit = { unit: 'count', standard: 10_000 };
/** A run waits so long at most for what is stored about the like of it. */
export const storedWaitMs: FixedLimit = { unit: 'ms', standard: 1_000 };
/** A run beside others waits so long at most for its code to be read: what it needs decides whether it may begin. */
export const needReadMs: FixedLimit = { unit: 'ms', standard: 100 };
/** Conversations with choices of their own (place, limits). */
export const sessionChoicesKept: FixedLimit = { unit: 'count', standard: 2_000 };
/** Commands that a person allowed for one conversation, and how long the name of one may be. */
export const commandsAllowed: FixedLimit = { unit: 'count', standard: 200 };
export const commandUtf16: FixedLimit = { unit: 'utf16', standard: 1_000 };
export const progressPerRun: FixedLimit = { unit: 'count', standard: 500 };
export const analysesPerMinuteFromPage: FixedLimit = { unit: 'count', standard: 240 };
/** Lines of one kind that a person is shown of what was seen in code. */
export const seenLines: FixedLimit = { unit: 'count', standard: 20 };
/** The person's own rules and bounds of the analyser, as they wrote them. */
export const analysisOptionsUtf16: FixedLimit = { unit: 'utf16', standard: 256 * 1024 };
/** Runs that wait for a person's answer give their place to others, so many at most; the rest keep theirs. */
export const runsAskingAtOnce: FixedLimit = { unit: 'count', standard: 3 };
/** After so long without an answer the input is closed, as a terminal's end of file. */
export const inputWaitMs: FixedLimit = { unit: 'ms', standard: 1_800_000 };
/** How often what engines use is measured, and how much of it is kept: an hour. */
export const meterEveryMs: FixedLimit = { unit: 'ms', standard: 5_000 };
export const meterSamples: FixedLimit = { unit: 'count', standard: 720 };
export const usagePerRun: FixedLimit = { unit: 'count', standard: 1_000 };
export const runsKept: FixedLimit = { unit: 'count', standard: 1_000 };
export const runLogsKept: FixedLimit = { unit: 'count', standard: 200 };
export const runLogsUtf16: FixedLimit = { unit: 'utf16', standard: 96 * MB };
export const outputPieceUtf16: FixedLimit = { unit: 'utf16', standard: 64 * 1024 };
export const timeGraceMs: FixedLimit = { unit: 'ms', standard: 1_500 };
export const sessionsKept: FixedLimit = { unit: 'count', standard: 4 };
/** Starts of an engine that may fail in a row before it rests, and how long it rests. */
export const engineStartFailures: FixedLimit = { unit: 'count', standard: 4 };
export const engineRestMs: FixedLimit = { unit: 'ms', standard: 30_000 };
/** Restarts of a Linux machine that breaks down by itself, within how long; after one more it rests as an engine does. */
export const machineRestarts: FixedLimit = { unit: 'count', standard: 3 };
export const machineRestartsMs: FixedLimit = { unit: 'ms', standard: 300_000 };
export const sessionStartMs: FixedLimit = { unit: 'ms', standard: 60_000 };
/** From a fresh worker to its interpreter: a cold start of Python on a slow device that is busy takes 20 s. Two of them are `sessionStartMs`. */
export const engineStartMs: FixedLimit = { unit: 'ms', standard: 30_000 };
export const stdinLines: FixedLimit = { unit: 'count', standard: 10_000 };
export const claimsKept: FixedLimit = { unit: 'count', standard: 100_000 };
export const stopGraceMs: FixedLimit = { unit: 'ms', standard: 1_000 };
export const boxReadyMs: FixedLimit = { unit: 'ms', standard: 15_000 };
/** A spare engine that nobody wanted for so long is ended. */
export const spareIdleMs: FixedLimit = { unit: 'ms', standard: 300_000 };
/** A host to which nobody is connected, without session, run and spare, goes after so long. */
export const hostIdleMs: FixedLimit = { unit: 'ms', standard: 60_000 };
/** Tabs whose named sessions are remembered. */
export const tabsRemembered: FixedLimit = { unit: 'count', standard: 200 };
/** An engine that nobody used for so long is closed. */
export const sessionIdleMs: Limit = {
  unit: 'ms',
  standard: 600_000,
  smallest: 60_000,
  largest: 3_600_000,
};
// machines by spec (v86 has no high memory and one processor)
export const machineMemoryMB: Limit = { unit: 'MB', standard: 256, smallest: 96, largest: 890 };
/** Of the one processor. */
export const machineCpuPercent: Limit = { unit: 'percent', standard: 100, smallest: 5, largest: 100 };
/** Stored outside of /mnt/data: what is free on the disk of the full image. It lies in memory, and in what is saved. */
export const machineStorageMB: Limit = { unit: 'MB', standard: 256, smallest: 16, largest: 256 };
export const machinesPerSession: FixedLimit = { unit: 'count', standard: 8 };
/** Conversations whose machines are remembered; those changed longest ago are forgotten. */
export const machineSessionsKept: FixedLimit = { unit: 'count', standard: 500 };
export const machineVolumes: FixedLimit = { unit: 'count', standard: 8 };
export const machinePorts: FixedLimit = { unit: 'count', standard: 16 };
export const machineVariables: FixedLimit = { unit: 'count', standard: 64 };
export const machineVariablesUtf16: FixedLimit = { unit: 'utf16', standard: 16 * 1024 };
export const machineSpecUtf16: FixedLimit = { unit: 'utf16', standard: 64 * 1024 };
/** A machine with memory of another size than its image boots before it starts: its host waits so long for it. */
export const machineBootMs: FixedLimit = { unit: 'ms', standard: 55_000 };
// terminals
export const terminalsPerSession: FixedLimit = { unit: 'count', standard: 8 };
/** Of all sessions together, those that have ended and are still shown included. */
export const terminalsKept: FixedLimit = { unit: 'count', standard: 16 };
/** Lines above the screen that a terminal keeps. */
export const terminalScrollback: FixedLimit = { unit: 'count', standard: 5_000 };
export const terminalColumns: FixedLimit = { unit: 'count', standard: 500 };
export const terminalRows: FixedLimit = { unit: 'count', standard: 200 };
/** What is typed or pasted at once. */
export const terminalInputUtf16: FixedLimit = { unit: 'utf16', standard: 256 * 1024 };
/** Typed, and not yet read by a program. */
export const terminalUnreadUtf16: FixedLimit = { unit: 'utf16', standard: MB };
/** Output that an engine may send before it is worked through; then the program waits. */
export const terminalAheadUtf16: FixedLimit = { unit: 'utf16', standard: 256 * 1024 };
/** More than that nobody sends who keeps to it: the guest's own window, a chunk of it, and as much again. */
export const terminalForgedUtf16: FixedLimit = { unit: 'utf16', standard: 4 * MB };
/** Output that a page has not drawn yet; then the program waits for it. */
export const terminalUndrawnUtf16: FixedLimit = { unit: 'utf16', standard: 512 * 1024 };
/** A page that draws nothing for so long is waited for no more: it gets the whole screen when it comes back. */
export const terminalStuckMs: FixedLimit = { unit: 'ms', standard: 5_000 };
export const terminalViews: FixedLimit = { unit: 'count', standard: 8 };
// previews of the servers in a machine
/** Status line and headers of an answer, or all headers of a request. */
export const previewHeadBytes: FixedLimit = { unit: 'bytes', standard: 64 * 1024 };
export const previewHeaders: FixedLimit = { unit: 'count', standard: 1_000 };
export const previewPathUtf16: FixedLimit = { unit: 'utf16', standard: 8 * 1024 };
/** Of a request or an answer. */
export const previewBodyBytes: FixedLimit = { unit: 'bytes', standard: 16 * MB };
/** From a request's first byte to its answer's last one. */
export const previewTimeMs: FixedLimit = { unit: 'ms', standard: 30_000 };
/** Requests of a session at work at once; more wait. */
export const previewRequestsAtOnce: FixedLimit = { unit: 'count', standard: 8 };
/** Those that wait for that. */
export const previewRequestsWaiting: FixedLimit = { unit: 'count', standard: 256 };
/** Answers `100 Continue` and their like before the real one. */
export const previewInterimAnswers: FixedLimit = { unit: 'count', standard: 16 };
export const previewServersEveryMs: FixedLimit = { unit: 'ms', standard: 1_000 };
/** Ports that are told of. */
export const previewServers: FixedLimit = { unit: 'count', standard: 128 };
export const previewSockets: FixedLimit = { unit: 'count', standard: 32 };
/** One message of a websocket, either way. */
export const previewMessageBytes: FixedLimit = { unit: 'bytes', standard: 4 * MB };
/** Messages of a server that were not passed on yet; then it waits. */
export const previewAheadBytes: FixedLimit = { unit: 'bytes', standard: MB };
/** More than that nobody sends who keeps to it: a message beyond what may be ahead, and the guest's own window of small ones. */
export const previewForgedBytes: FixedLimit = { unit: 'bytes', standard: 16 * MB };
/** How long a server may take to answer the end of a websocket. */
export const previewCloseMs: FixedLimit = { unit: 'ms', standard: 3_000 };
/** What the frame of a page sends in such a time; one that sends more is closed. */
export const previewFloodMs: FixedLimit = { unit: 'ms', standard: 5_000 };
export const previewFloodMessages: FixedLimit = { unit: 'count', standard: 5_000 };
/** Questions of one page on their way at once. */
export const previewAsked: FixedLimit = { unit: 'count', standard: 16 };
/** One cookie with its attributes. */
export const previewCookieUtf16: FixedLimit = { unit: 'utf16', standard: 4 * 1024 };
/** Cookies of one server: what more it gives is not kept. */
export const previewCookies: FixedLimit = { unit: 'count', standard: 180 };
/** Of cookies, in one request. */
export const previewCookieHeaderUtf16: FixedLimit = { unit: 'utf16', standard: 32 * 1024 };
/** What the pages of one server keep in `localStorage`, and the same for `sessionStorage`. */
export const previewKeptUtf16: FixedLimit = { unit: 'utf16', standard: 5 * MB };
// files
export const fileBytes: FixedLimit = { unit: 'bytes', standard: 512 * MB };
/** Of a file that a live worker's program has open when it is removed or replaced; what of a larger one it had is lost. */
export const removedFileBytes: FixedLimit = { unit: 'bytes', standard: 64 * MB };
/** What is copied into a worker that cannot read files live: all of it lies in its memory. */
export const copiedInBytes: FixedLimit = { unit: 'bytes', standard: 256 * MB };
/** How long that takes at most, before the program begins: as long as files may take on their way out (`savingMs`). */
export const copyingInMs: FixedLimit = { unit: 'ms', standard: 120_000 };
/** All files of one session together. */
export const sessionBytes: FixedLimit = { unit: 'bytes', standard: 2_048 * MB };
/** Folders of the device that were copied into conversations and are remembered. */
export const copiedFoldersKept: FixedLimit = { unit: 'count', standard: 200 };
export const filesOpenAtOnce: FixedLimit = { unit: 'count', standard: 64 };
export const fileCount: FixedLimit = { unit: 'count', standard: 20_000 };
export const filePathUtf16: FixedLimit = { unit: 'utf16', standard: 1_024 };
/** A file goes through the door in pieces of this size, so that it may be larger than one message. */
export const filePieceBytes: FixedLimit = { unit: 'bytes', standard: 32 * MB };
/** Written by a program that cannot be made to wait at once, and not yet in the tree: what comes on top stays in its worker. */
export const filesAheadBytes: FixedLimit = { unit: 'bytes', standard: 128 * MB };
/** How many times larger than its zip what is in it may be, once it is larger than `zipFreeBytes`. */
export const zipRatio: FixedLimit = { unit: 'count', standard: 200 };
export const zipFreeBytes: FixedLimit = { unit: 'bytes', standard: 64 * MB };
// files of a Linux machine, as its guest sees them
/** What a guest has at hand at a time: open files, and names that it looked up. */
export const shareFids: FixedLimit = { unit: 'count', standard: 8_192 };
/** One request or answer. */
export const shareMessageBytes: FixedLimit = { unit: 'bytes', standard: 256 * 1024 };
/** Requests that wait, and buffers of them; a machine's own ring has room for 32, and its worker owes 64 at most. */
export const shareQueued: FixedLimit = { unit: 'count', standard: 256 };
/** Answered and not yet in the workspace; who writes more waits. */
export const shareUnwrittenBytes: FixedLimit = { unit: 'bytes', standard: 16 * MB };
/** Read before, and at hand. */
export const shareCachedBytes: FixedLimit = { unit: 'bytes', standard: 32 * MB };
/** Removed files that are still open, together. */
export const shareKeptBytes: FixedLimit = { unit: 'bytes', standard: 64 * MB };
export const linkTargetBytes: FixedLimit = { unit: 'bytes', standard: 4_095 };
/** Modes, owners and links of a tree, as they are stored. */
export const shareAttributesBytes: FixedLimit = { unit: 'bytes', standard: 8 * MB };
/** A machine as it differs from the one of the package; one that differs by more is not saved anew. */
export const savedEngineBytes: FixedLimit = { unit: 'bytes', standard: 128 * MB };
/** All of them together: those saved longest ago are let go. */
export const savedEnginesBytes: FixedLimit = { unit: 'bytes', standard: 512 * MB };
/** An engine that does not say by then that it was saved was not; nor do files of a program that ended go out for longer. */
export const savingMs: FixedLimit = { unit: 'ms', standard: 120_000 };
/** After how long without use a machine is saved where the browser soon ends its host. */
export const savedSoonMs: FixedLimit = { unit: 'ms', standard: 15_000 };
/** After how long a conversation that no tab shows any more has its machine saved: a reload comes back before. */
export const unseenMs: FixedLimit = { unit: 'ms', standard: 3_000 };
/** The same of a conversation's terminals, whose shells are ended for it where they do nothing. */
export const terminalsUnseenMs: FixedLimit = { unit: 'ms', standard: 10_000 };
/** And so many. */
export const savedEnginesKept: FixedLimit = { unit: 'count', standard: 20 };
// network
/** What the programs of one conversation may send and get in all, until its hosts are allowed anew. */
export const networkMB: Limit = { unit: 'MB', standard: 50, smallest: 1, largest: 1_024 };
/** A request as a program asks for it, its body in base64. */
export const networkRequestUtf16: FixedLimit = { unit: 'utf16', standard: 16 * MB };
export const networkMs: FixedLimit = { unit: 'ms', standard: 30_000 };
/** For one conversation. */
export const networkAtOnce: FixedLimit = { unit: 'count', standard: 8 };
export const networkPerMinute: FixedLimit = { unit: 'count', standard: 240 };
export const networkHosts: FixedLimit = { unit: 'count', standard: 20 };
/** Conversations whose hosts are remembered; those allowed longest ago are forgotten. */
export const networkSessionsKept: FixedLimit = { unit: 'count', standard: 500 };
export const egressRowsKept: FixedLimit = { unit: 'count', standard: 2_000 };
// channels
export const messageBytes: FixedLimit = { unit: 'bytes', standard: 128 * MB };
export const messagePartChars: FixedLimit = { unit: 'count', standard: 256 * 1024 };
export const messagePartsUnseen: FixedLimit = { unit: 'count', standard: 32 };
export const messagesOpenAtOnce: FixedLimit = { unit: 'count', standard: 8 };
export const requestsRemembered: FixedLimit = { unit: 'count', standard: 256 };
/** How long the host keeps a question after a call's run open; below the deadline of the door (30 s). */
export const runAwaitedMs: FixedLimit = { unit: 'ms', standard: 20_000 };
export const requestsOpenPerPort: FixedLimit = { unit: 'count', standard: 64 };
export const batchesUnseen: FixedLimit = { unit: 'count', standard: 8 };
export const itemsPerBatch: FixedLimit = { unit: 'count', standard: 500 };
export const badMessagesPerPort: FixedLimit = { unit: 'count', standard: 100 };
export const watchesPerPort: FixedLimit = { unit: 'count', standard: 256 };
export const sessionsNamedPerTab: FixedLimit = { unit: 'count', standard: 200 };
export const helloMs: FixedLimit = { unit: 'ms', standard: 2_000 };
export const heartbeatMs: FixedLimit = { unit: 'ms', standard: 5_000 };
export const hostSearchMs: FixedLimit = { unit: 'ms', standard: 20_000 };
export const eventsKeptPerRun: FixedLimit = { unit: 'count', standard: 10_000 };
// wire and capture
export const wireEventUtf16: FixedLimit = { unit: 'utf16', standard: 8 * MB };
export const wireFrameBytes: FixedLimit = { unit: 'bytes', standard: 16 * MB };
export const wireDocumentBytes: FixedLimit = { unit: 'bytes', standard: 64 * MB };
export const wireMessageUtf16: FixedLimit = { unit: 'utf16', standard: 32 * MB };
export const wireNesting: FixedLimit = { unit: 'count', standard: 64 };
export const wireDocumentsPerStream: FixedLimit = { unit: 'count', standard: 2_048 };
export const wireStreamsOpen: FixedLimit = { unit: 'count', standard: 64 };
export const wireTopicsKept: FixedLimit = { unit: 'count', standard: 256 };
export const wireItemsKeptPerTopic: FixedLimit = { unit: 'count', standard: 100_000 };
export const wireFragments: FixedLimit = { unit: 'count', standard: 1_024 };
export const wireFragmentSets: FixedLimit = { unit: 'count', standard: 64 };
export const wireFragmentWaitMs: FixedLimit = { unit: 'ms', standard: 60_000 };
export const wireMessagesKept: FixedLimit = { unit: 'count', standard: 4_096 };
export const wireCallKeysKept: FixedLimit = { unit: 'count', standard: 50_000 };
export const wireEnvelopesPerSecond: FixedLimit = { unit: 'perSecond', standard: 50_000 };
export const wireArchiveBytes: FixedLimit = { unit: 'bytes', standard: 1_024 * MB };
