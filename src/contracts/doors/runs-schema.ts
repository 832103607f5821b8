import { z } from '../../base/index.ts';
import { APP_ERROR_CODES } from '../errors.ts';
import type { FileStat } from '../files.ts';
import type { CallKey, RunId, SessionId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import type { Outcome } from '../outcome.ts';
import type { NumberedRunEvent, RunEvent, RunRequest, RunSummary } from '../run.ts';
import type { HostStatus } from './runs.ts';

// Ids are branded: made in one place each, only their shape is checked here.
const shortText = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= most;

export const runIdSchema = z.custom<RunId>((value) => shortText(value, 64));
export const sessionIdSchema = z.custom<SessionId>((value) => shortText(value, 256));
export const callKeySchema = z.custom<CallKey>((value) => shortText(value, 1_024));
export const codeSchema = z.enum(APP_ERROR_CODES);

const count = z.number().check(z.gte(0));
const text = z.string();
const nullableText = z.nullable(text);

export const limitsSchema = z.strictObject({
  timeMs: z.number().check(z.gte(LIMITS.runTimeMs.smallest), z.lte(LIMITS.runTimeMs.largest)),
  memoryMB: z.number().check(z.gte(LIMITS.pythonMemoryMB.smallest), z.lte(LIMITS.pythonMemoryMB.largest)),
});

export const runRequestSchema: z.Shape<RunRequest> = z.strictObject({
  sessionId: sessionIdSchema,
  language: z.enum(['python', 'javascript', 'typescript', 'lua', 'wasm', 'shell']),
  // Longer code is answered `run/code-too-large` by the run service, which is the better sentence; this only bounds it.
  code: text.check(z.maxLength(LIMITS.codeUtf16.standard * 4)),
  callKey: z.nullable(callKeySchema),
  trigger: z.enum(['auto', 'press']),
  limits: limitsSchema,
  stdin: z.nullable(
    z.array(text.check(z.maxLength(LIMITS.inputBytes.standard))).check(z.maxLength(LIMITS.stdinLines.standard)),
  ),
});

const programErrorSchema = z.strictObject({
  code: codeSchema,
  title: text,
  message: text,
  traceback: nullableText,
  line: z.nullable(z.number()),
  column: z.nullable(z.number()),
  suggestions: z.array(text),
});

const ended = { timeMs: count, memoryBytes: count };
const sessionLost = z.boolean();

export const outcomeSchema: z.Shape<Outcome> = z.discriminatedUnion('kind', [
  z.strictObject({
    ...ended,
    kind: z.literal('completed'),
    exitCode: z.number(),
    result: nullableText,
    error: z.nullable(programErrorSchema),
  }),
  z.strictObject({ ...ended, kind: z.literal('crashed'), code: codeSchema, detail: nullableText, sessionLost }),
  z.strictObject({ ...ended, kind: z.literal('timedOut'), limitMs: count, sessionLost }),
  z.strictObject({ ...ended, kind: z.literal('cancelled'), by: z.enum(['person', 'world']), sessionLost }),
  z.strictObject({ ...ended, kind: z.literal('refused'), code: codeSchema, detail: nullableText }),
]);

const artifactSchema = z.strictObject({
  id: text,
  kind: z.enum(['figure', 'table', 'file']),
  name: text,
  path: nullableText,
  mime: text,
  bytes: count,
});

const cell = z.nullable(z.union([text, z.number(), z.boolean()]));
const tableSchema = z.strictObject({
  title: nullableText,
  columns: z.array(text).check(z.maxLength(LIMITS.tableColumnsShown.standard)),
  types: z.array(text),
  rows: z.array(z.array(cell)).check(z.maxLength(LIMITS.tableRowsShown.standard)),
  index: z.nullable(z.array(text)),
  totalRows: count,
  totalColumns: count,
});

const displaySchema = z.strictObject({
  id: text,
  data: z.record(text, text),
  table: z.nullable(tableSchema),
  artifact: z.nullable(artifactSchema),
});

export const runEventSchema: z.Shape<RunEvent> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('state'), state: z.enum(['waiting', 'starting', 'running']) }),
  z.strictObject({ kind: z.literal('output'), stream: z.enum(['stdout', 'stderr']), text }),
  z.strictObject({ kind: z.literal('truncated'), shownBytes: count, path: nullableText }),
  z.strictObject({ kind: z.literal('display'), display: displaySchema }),
  z.strictObject({ kind: z.literal('artifact'), artifact: artifactSchema }),
  z.strictObject({ kind: z.literal('input'), prompt: text, isSecret: z.boolean() }),
  z.strictObject({ kind: z.literal('inputAnswered') }),
  z.strictObject({ kind: z.literal('notice'), text }),
  z.strictObject({ kind: z.literal('ended'), outcome: outcomeSchema }),
]);

export const numberedRunEventSchema: z.Shape<NumberedRunEvent> = z.strictObject({
  runId: runIdSchema,
  n: z.number().check(z.gte(1)),
  atMs: count,
  event: runEventSchema,
});

export const runSummarySchema: z.Shape<RunSummary> = z.strictObject({
  runId: runIdSchema,
  sessionId: sessionIdSchema,
  callKey: z.nullable(callKeySchema),
  language: z.enum(['python', 'javascript', 'typescript', 'lua', 'wasm', 'shell']),
  startedAtMs: count,
  outcome: z.nullable(outcomeSchema),
});

export const fileStatSchema: z.Shape<FileStat> = z.strictObject({
  path: text,
  kind: z.enum(['file', 'directory']),
  sizeBytes: count,
  modifiedAtMs: count,
});

export const hostStatusSchema: z.Shape<HostStatus> = z.strictObject({
  kind: z.enum(['offscreen', 'background', 'page']),
  python: z.enum(['cold', 'warming', 'ready', 'failed']),
  sessions: z.array(z.strictObject({ sessionId: sessionIdSchema, memoryBytes: count, isBusy: z.boolean() })),
  activeRuns: z.array(runIdSchema),
  hasSharedMemory: z.boolean(),
});

/** A file's path or name as a person or program gives it; the workspace decides whether it is safe. */
export const pathSchema = text.check(z.minLength(1), z.maxLength(LIMITS.filePathUtf16.standard));
export const bytesSchema = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.byteLength <= LIMITS.messageBytes.standard,
);
