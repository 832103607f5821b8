import * as v from 'valibot';
import type { AppErrorCode } from '../errors.ts';
import { FAILURES } from '../failures.ts';
import type { FileStat } from '../files.ts';
import type { CallKey, RunId, SessionId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import type { Outcome } from '../outcome.ts';
import type { NumberedRunEvent, RunEvent, RunRequest, RunSummary } from '../run.ts';
import type { HostStatus } from './runs.ts';

// Ids are branded: made in one place each, only their shape is checked here.
const shortText = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= most;

export const runIdSchema = v.custom<RunId>((value) => shortText(value, 64));
export const sessionIdSchema = v.custom<SessionId>((value) => shortText(value, 256));
export const callKeySchema = v.custom<CallKey>((value) => shortText(value, 1_024));
// Every code has its words, and surfaces carry those anyway.
export const codeSchema = v.picklist(Object.keys(FAILURES) as AppErrorCode[]);

const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const text = v.string();
const nullableText = v.nullable(text);

export const limitsSchema = v.strictObject({
  timeMs: v.pipe(v.number(), v.minValue(LIMITS.runTimeMs.smallest), v.maxValue(LIMITS.runTimeMs.largest)),
  memoryMB: v.pipe(v.number(), v.minValue(LIMITS.pythonMemoryMB.smallest), v.maxValue(LIMITS.pythonMemoryMB.largest)),
});

export const runRequestSchema: v.GenericSchema<unknown, RunRequest> = v.strictObject({
  sessionId: sessionIdSchema,
  language: v.picklist(['python', 'javascript', 'typescript', 'lua', 'wasm', 'shell']),
  // Longer code is answered `run/code-too-large` by the run service, which is the better sentence; this only bounds it.
  code: v.pipe(text, v.maxLength(LIMITS.codeUtf16.standard * 4)),
  callKey: v.nullable(callKeySchema),
  trigger: v.picklist(['auto', 'press']),
  limits: limitsSchema,
  stdin: v.nullable(
    v.pipe(v.array(v.pipe(text, v.maxLength(LIMITS.inputBytes.standard))), v.maxLength(LIMITS.stdinLines.standard)),
  ),
});

const programErrorSchema = v.strictObject({
  code: codeSchema,
  title: text,
  message: text,
  traceback: nullableText,
  line: v.nullable(v.number()),
  column: v.nullable(v.number()),
  suggestions: v.array(text),
});

const ended = { timeMs: count, memoryBytes: count };
const sessionLost = v.boolean();

export const outcomeSchema: v.GenericSchema<unknown, Outcome> = v.variant('kind', [
  v.strictObject({
    ...ended,
    kind: v.literal('completed'),
    exitCode: v.number(),
    result: nullableText,
    error: v.nullable(programErrorSchema),
  }),
  v.strictObject({ ...ended, kind: v.literal('crashed'), code: codeSchema, detail: nullableText, sessionLost }),
  v.strictObject({ ...ended, kind: v.literal('timedOut'), limitMs: count, sessionLost }),
  v.strictObject({ ...ended, kind: v.literal('cancelled'), by: v.picklist(['person', 'world']), sessionLost }),
  v.strictObject({ ...ended, kind: v.literal('refused'), code: codeSchema, detail: nullableText }),
]);

const artifactSchema = v.strictObject({
  id: text,
  kind: v.picklist(['figure', 'table', 'file']),
  name: text,
  path: nullableText,
  mime: text,
  bytes: count,
});

// One check and no issue for each: a table has up to a hundred thousand cells.
const cell = v.custom<string | number | boolean | null>(
  (value) => value === null || ['string', 'number', 'boolean'].includes(typeof value),
);
const tableSchema = v.strictObject({
  title: nullableText,
  columns: v.pipe(v.array(text), v.maxLength(LIMITS.tableColumnsShown.standard)),
  types: v.array(text),
  rows: v.pipe(v.array(v.array(cell)), v.maxLength(LIMITS.tableRowsShown.standard)),
  index: v.nullable(v.array(text)),
  totalRows: count,
  totalColumns: count,
});

const displaySchema = v.strictObject({
  id: text,
  data: v.record(text, text),
  table: v.nullable(tableSchema),
  artifact: v.nullable(artifactSchema),
});

export const runEventSchema: v.GenericSchema<unknown, RunEvent> = v.variant('kind', [
  v.strictObject({ kind: v.literal('state'), state: v.picklist(['waiting', 'starting', 'running']) }),
  v.strictObject({ kind: v.literal('output'), stream: v.picklist(['stdout', 'stderr']), text }),
  v.strictObject({ kind: v.literal('truncated'), shownBytes: count, path: nullableText }),
  v.strictObject({ kind: v.literal('display'), display: displaySchema }),
  v.strictObject({ kind: v.literal('artifact'), artifact: artifactSchema }),
  v.strictObject({ kind: v.literal('input'), prompt: text, isSecret: v.boolean() }),
  v.strictObject({ kind: v.literal('inputAnswered') }),
  v.strictObject({ kind: v.literal('notice'), text }),
  v.strictObject({ kind: v.literal('ended'), outcome: outcomeSchema }),
]);

export const numberedRunEventSchema: v.GenericSchema<unknown, NumberedRunEvent> = v.strictObject({
  runId: runIdSchema,
  n: v.pipe(v.number(), v.finite(), v.minValue(1)),
  atMs: count,
  event: runEventSchema,
});

export const runSummarySchema: v.GenericSchema<unknown, RunSummary> = v.strictObject({
  runId: runIdSchema,
  sessionId: sessionIdSchema,
  callKey: v.nullable(callKeySchema),
  language: v.picklist(['python', 'javascript', 'typescript', 'lua', 'wasm', 'shell']),
  startedAtMs: count,
  outcome: v.nullable(outcomeSchema),
});

export const fileStatSchema: v.GenericSchema<unknown, FileStat> = v.strictObject({
  path: text,
  kind: v.picklist(['file', 'directory']),
  sizeBytes: count,
  modifiedAtMs: count,
});

export const hostStatusSchema: v.GenericSchema<unknown, HostStatus> = v.strictObject({
  kind: v.picklist(['offscreen', 'background', 'page']),
  python: v.picklist(['cold', 'warming', 'ready', 'failed']),
  sessions: v.array(v.strictObject({ sessionId: sessionIdSchema, memoryBytes: count, isBusy: v.boolean() })),
  activeRuns: v.array(runIdSchema),
  hasSharedMemory: v.boolean(),
});

/** A file's path or name as a person or program gives it; the workspace decides whether it is safe. */
export const pathSchema = v.pipe(text, v.minLength(1), v.maxLength(LIMITS.filePathUtf16.standard));
export const bytesSchema = v.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.byteLength <= LIMITS.messageBytes.standard,
);
