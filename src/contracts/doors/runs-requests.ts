import * as v from 'valibot';
import { LIMITS } from '../limits.ts';
import type { DoorRequests } from './door.ts';
import type { RunsDoor } from './runs.ts';
import {
  bytesSchema,
  callKeySchema,
  pathSchema,
  runIdSchema,
  runRequestSchema,
  sessionIdSchema,
} from './runs-schema.ts';

const aRun = v.strictObject({ runId: runIdSchema });
const aSession = v.strictObject({ sessionId: sessionIdSchema });
const aFile = v.strictObject({ sessionId: sessionIdSchema, path: pathSchema });

/** What each method of the door takes; checked where the door is served. */
export const RUNS_REQUESTS: DoorRequests<RunsDoor> = {
  start: runRequestSchema,
  findRun: v.strictObject({ callKey: callKeySchema }),
  adoptSession: v.strictObject({ from: sessionIdSchema, to: sessionIdSchema }),
  sessionFacts: aSession,
  stop: aRun,
  answerInput: v.strictObject({
    runId: runIdSchema,
    text: v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.inputBytes.standard))),
  }),
  restartSession: aSession,
  addFile: v.strictObject({
    sessionId: sessionIdSchema,
    name: pathSchema,
    bytes: bytesSchema,
    position: v.exactOptional(
      v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.fileBytes.standard)),
    ),
  }),
  readFile: aFile,
  listFiles: aSession,
  removeFile: aFile,
  describeFile: v.strictObject({ sessionId: sessionIdSchema, path: pathSchema, withValues: v.boolean() }),
  warm: v.strictObject({ language: v.literal('python') }),
  status: v.strictObject({}),
  recentRuns: v.strictObject({ most: v.pipe(v.number(), v.minValue(1), v.maxValue(LIMITS.runsKept.standard)) }),
};
