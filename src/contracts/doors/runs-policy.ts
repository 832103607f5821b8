import * as v from 'valibot';
import { countSchema } from '../bounded.ts';
import type { RunId } from '../ids.ts';
import type { NumberedRunEvent } from '../run.ts';
import type { CodeLanguage } from '../analysis.ts';
import type { CallerKind, DoorPolicy } from './door.ts';
import type { RunsDoor } from './runs.ts';
import {
  bytesSchema,
  failuresSchema,
  fileStatSchema,
  hostStatusSchema,
  numberedRunEventSchema,
  runIdSchema,
  runSummarySchema,
} from './runs-schema.ts';
import { decisionSchema } from './selection-schema.ts';
import type { StreamPolicy } from './stream.ts';

const EVERYONE: readonly CallerKind[] = ['site', 'extension'];
/** A host that must be started first, engine not included. */
const QUICK = { callers: EVERYONE, deadlineMs: 30_000, whenAway: 'start' } as const;
/** The bytes of a large file must pass. */
const BYTES = { ...QUICK, deadlineMs: 120_000 } as const;

const nothing = v.null();

/** Who may call what, for how long, and what happens while the host is away. */
export const RUNS_POLICY: DoorPolicy<RunsDoor> = {
  start: { ...QUICK, answer: v.strictObject({ runId: runIdSchema }) },
  findRun: { ...QUICK, answer: v.nullable(v.strictObject({ runId: runIdSchema, isActive: v.boolean() })) },
  adoptSession: { ...QUICK, answer: v.strictObject({ adopted: v.boolean() }) },
  sessionFacts: { ...QUICK, answer: v.strictObject({ hasPrivateFiles: v.boolean() }) },
  stop: { ...QUICK, answer: nothing, whenAway: 'fail' },
  answerInput: { ...QUICK, answer: nothing, whenAway: 'fail' },
  restartSession: { ...QUICK, answer: nothing },
  addFile: { ...BYTES, answer: fileStatSchema },
  readFile: { ...BYTES, answer: v.strictObject({ bytes: bytesSchema }) },
  listFiles: { ...QUICK, answer: v.array(fileStatSchema) },
  removeFile: { ...QUICK, answer: nothing },
  describeFile: { ...BYTES, answer: v.strictObject({ text: v.string() }) },
  select: {
    ...QUICK,
    answer: v.strictObject({
      language: v.custom<CodeLanguage>((name) => typeof name === 'string'),
      isDetected: v.boolean(),
      decision: decisionSchema,
    }),
  },
  choose: { ...QUICK, answer: nothing },
  warm: { ...QUICK, answer: nothing },
  failures: { ...QUICK, answer: failuresSchema },
  status: { ...QUICK, answer: hostStatusSchema },
  recentRuns: { ...QUICK, answer: v.array(runSummarySchema), callers: ['extension'] },
};

/** Name of the port of this door. Others of the extension carry other names and are left alone. */
export const RUNS_PORT = 'host:runs';

export const RUNS_STREAM: StreamPolicy<{ readonly runId: RunId; readonly after: number }, NumberedRunEvent> = {
  request: v.strictObject({ runId: runIdSchema, after: countSchema }),
  item: numberedRunEventSchema,
  callers: EVERYONE,
};
