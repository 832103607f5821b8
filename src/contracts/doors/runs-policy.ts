import * as v from 'valibot';
import { LIMITS } from '../limits.ts';
import type { RunId } from '../ids.ts';
import type { NumberedRunEvent } from '../run.ts';
import type { CallerKind, DoorPolicy } from './door.ts';
import type { RunsDoor } from './runs.ts';
import {
  bytesSchema,
  fileStatSchema,
  hostStatusSchema,
  numberedRunEventSchema,
  pathSchema,
  runIdSchema,
  runRequestSchema,
  runSummarySchema,
  sessionIdSchema,
} from './runs-schema.ts';
import type { StreamPolicy } from './stream.ts';

const EVERYONE: readonly CallerKind[] = ['site', 'extension'];
/** A host that must be started first, engine not included. */
const QUICK_MS = 30_000;
/** The bytes of a large file must pass. */
const BYTES_MS = 120_000;

const nothing = v.null();
const aRun = v.strictObject({ runId: runIdSchema });
const aSession = v.strictObject({ sessionId: sessionIdSchema });
const aFile = v.strictObject({ sessionId: sessionIdSchema, path: pathSchema });

/** Who may call what, for how long, and what happens while the host is away. */
export const RUNS_POLICY: DoorPolicy<RunsDoor> = {
  start: { request: runRequestSchema, answer: aRun, callers: EVERYONE, deadlineMs: QUICK_MS, whenAway: 'start' },
  stop: { request: aRun, answer: nothing, callers: EVERYONE, deadlineMs: QUICK_MS, whenAway: 'fail' },
  answerInput: {
    request: v.strictObject({
      runId: runIdSchema,
      text: v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.inputBytes.standard))),
    }),
    answer: nothing,
    callers: EVERYONE,
    deadlineMs: QUICK_MS,
    whenAway: 'fail',
  },
  restartSession: { request: aSession, answer: nothing, callers: EVERYONE, deadlineMs: QUICK_MS, whenAway: 'start' },
  addFile: {
    request: v.strictObject({ sessionId: sessionIdSchema, name: pathSchema, bytes: bytesSchema }),
    answer: fileStatSchema,
    callers: EVERYONE,
    deadlineMs: BYTES_MS,
    whenAway: 'start',
  },
  readFile: {
    request: aFile,
    answer: v.strictObject({ bytes: bytesSchema }),
    callers: EVERYONE,
    deadlineMs: BYTES_MS,
    whenAway: 'start',
  },
  listFiles: {
    request: aSession,
    answer: v.array(fileStatSchema),
    callers: EVERYONE,
    deadlineMs: QUICK_MS,
    whenAway: 'start',
  },
  removeFile: { request: aFile, answer: nothing, callers: EVERYONE, deadlineMs: QUICK_MS, whenAway: 'start' },
  describeFile: {
    request: v.strictObject({ sessionId: sessionIdSchema, path: pathSchema, withValues: v.boolean() }),
    answer: v.strictObject({ text: v.string() }),
    callers: EVERYONE,
    deadlineMs: BYTES_MS,
    whenAway: 'start',
  },
  warm: {
    request: v.strictObject({ language: v.literal('python') }),
    answer: nothing,
    callers: EVERYONE,
    deadlineMs: QUICK_MS,
    whenAway: 'start',
  },
  status: {
    request: v.strictObject({}),
    answer: hostStatusSchema,
    callers: EVERYONE,
    deadlineMs: QUICK_MS,
    whenAway: 'start',
  },
  recentRuns: {
    request: v.strictObject({ most: v.pipe(v.number(), v.minValue(1), v.maxValue(LIMITS.runsKept.standard)) }),
    answer: v.array(runSummarySchema),
    callers: ['extension'],
    deadlineMs: QUICK_MS,
    whenAway: 'start',
  },
};

/** Name of the port of this door. Others of the extension carry other names and are left alone. */
export const RUNS_PORT = 'host:runs';

export const RUNS_STREAM: StreamPolicy<{ readonly runId: RunId; readonly after: number }, NumberedRunEvent> = {
  request: v.strictObject({ runId: runIdSchema, after: v.pipe(v.number(), v.finite(), v.minValue(0)) }),
  item: numberedRunEventSchema,
  callers: EVERYONE,
};
