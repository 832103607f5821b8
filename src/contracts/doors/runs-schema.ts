import * as v from 'valibot';
import { countSchema as count, listWithin, numberWithin } from '../bounded.ts';
import type { AppErrorCode } from '../errors.ts';
import { codeSchema } from './code-schema.ts';
import type { Failure } from '../failure.ts';
import type { FileStat } from '../files.ts';
import type { CallKey, RunId, SessionId } from '../ids.ts';
import { oneOfKinds } from '../kinds.ts';
import { LIMITS } from '../limits.ts';
import type { Outcome } from '../outcome.ts';
import {
  LANGUAGES,
  type NumberedRunEvent,
  PRIORITIES,
  type RunEvent,
  type RunSummary,
  type TableView,
} from '../run.ts';
import type { HostStatus } from './runs.ts';

// Ids are branded: made in one place each, only their shape is checked here.
const shortText = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= most;

export const runIdSchema = v.custom<RunId>((value) => shortText(value, 64));
export const sessionIdSchema = v.custom<SessionId>((value) => shortText(value, 256));
export const callKeySchema = v.custom<CallKey>((value) => shortText(value, 1_024));
export const languageSchema = v.picklist(LANGUAGES);

const text = v.string();
const nullableText = v.nullable(text);

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

export const outcomeSchema: v.GenericSchema<unknown, Outcome> = oneOfKinds('kind', {
  completed: {
    ...ended,
    exitCode: v.number(),
    result: nullableText,
    error: v.nullable(programErrorSchema),
    fromCache: v.exactOptional(v.literal(true)),
  },
  crashed: { ...ended, code: codeSchema, detail: nullableText, sessionLost },
  timedOut: { ...ended, limitMs: count, sessionLost },
  cancelled: { ...ended, by: v.picklist(['person', 'world']), sessionLost },
  refused: { ...ended, code: codeSchema, detail: nullableText },
});

const artifactSchema = v.strictObject({
  id: text,
  kind: v.picklist(['figure', 'table', 'file']),
  name: text,
  path: nullableText,
  mime: text,
  bytes: count,
});

const isText = (value: unknown): value is string => typeof value === 'string';
const isRow = (value: unknown): value is TableView['rows'][number] =>
  Array.isArray(value) && value.every((cell) => cell === null || ['string', 'number', 'boolean'].includes(typeof cell));
const tableSchema = v.strictObject({
  title: nullableText,
  columns: listWithin(LIMITS.tableColumnsShown.standard, isText),
  types: v.array(text),
  rows: listWithin(LIMITS.tableRowsShown.standard, isRow),
  index: v.nullable(v.array(text)),
  totalRows: count,
  totalColumns: count,
});

const textsSchema = v.custom<Readonly<Record<string, string>>>(
  (value) => typeof value === 'object' && value !== null && Object.values(value).every(isText),
);
const displaySchema = v.strictObject({
  id: text,
  data: textsSchema,
  table: v.nullable(tableSchema),
  artifact: v.nullable(artifactSchema),
});

export const runEventSchema: v.GenericSchema<unknown, RunEvent> = oneOfKinds('kind', {
  state: { state: v.picklist(['waiting', 'starting', 'running']) },
  output: { stream: v.picklist(['stdout', 'stderr']), text },
  truncated: { shownBytes: count, path: nullableText },
  display: { display: displaySchema },
  artifact: { artifact: artifactSchema },
  input: { prompt: text, isSecret: v.boolean() },
  inputAnswered: {},
  notice: { text },
  usage: { memoryBytes: count, cpuShare: v.number() },
  network: { bytes: count },
  queued: { ahead: count, waitsFor: v.picklist(['turn', 'place', 'memory', 'processor', 'dependency']) },
  progress: { step: v.literal('packages'), done: count, total: count },
  ended: { outcome: outcomeSchema },
});

export const numberedRunEventSchema: v.GenericSchema<unknown, NumberedRunEvent> = v.strictObject({
  runId: runIdSchema,
  n: numberWithin(1, Number.MAX_VALUE),
  from: v.exactOptional(numberWithin(1, Number.MAX_VALUE)),
  atMs: count,
  event: runEventSchema,
});

export const runSummarySchema: v.GenericSchema<unknown, RunSummary> = v.strictObject({
  runId: runIdSchema,
  sessionId: sessionIdSchema,
  callKey: v.nullable(callKeySchema),
  language: languageSchema,
  startedAtMs: count,
  outcome: v.nullable(outcomeSchema),
  priority: v.exactOptional(v.picklist(PRIORITIES)),
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
  sessions: v.array(
    v.strictObject({
      sessionId: sessionIdSchema,
      memoryBytes: count,
      isBusy: v.boolean(),
      isResting: v.boolean(),
      saved: v.nullable(
        v.strictObject({
          isSaving: v.boolean(),
          atMs: v.nullable(count),
          unsaved: v.nullable(v.picklist(['in-use', 'failed'])),
        }),
      ),
    }),
  ),
  activeRuns: v.array(runIdSchema),
  hasSharedMemory: v.boolean(),
});

export const bytesSchema = v.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.byteLength <= LIMITS.messageBytes.standard,
);

const isFailure = (value: unknown): value is Failure => {
  const { title, explanation, suggestions, actions } = value as Record<keyof Failure, unknown>;
  return [title, explanation].every(isText) && [suggestions, actions].every((list) => Array.isArray(list));
};
/** The table of failures in our own host's words. */
export const failuresSchema = v.custom<Readonly<Record<AppErrorCode, Failure>>>(
  (value) => typeof value === 'object' && value !== null && Object.values(value).every(isFailure),
);
