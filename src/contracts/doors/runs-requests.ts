import * as v from 'valibot';
import { numberWithin, textWithin } from '../bounded.ts';
import { LIMITS } from '../limits.ts';
import type { RunRequest } from '../run.ts';
import type { DoorRequests } from './door.ts';
import type { RunsDoor } from './runs.ts';
import { bytesSchema, callKeySchema, runIdSchema, sessionIdSchema } from './runs-schema.ts';

const inputLine = textWithin(0, LIMITS.inputBytes.standard);

const limitsSchema = v.strictObject({
  timeMs: numberWithin(LIMITS.runTimeMs.smallest, LIMITS.runTimeMs.largest),
  memoryMB: numberWithin(LIMITS.pythonMemoryMB.smallest, LIMITS.pythonMemoryMB.largest),
});

const runRequestSchema: v.GenericSchema<unknown, RunRequest> = v.strictObject({
  sessionId: sessionIdSchema,
  language: v.picklist(['python', 'javascript', 'typescript', 'lua', 'wasm', 'shell']),
  // Longer code is answered `run/code-too-large` by the run service, which is the better sentence; this only bounds it.
  code: textWithin(0, LIMITS.codeUtf16.standard * 4),
  callKey: v.nullable(callKeySchema),
  trigger: v.picklist(['auto', 'press']),
  limits: limitsSchema,
  stdin: v.nullable(v.pipe(v.array(inputLine), v.maxLength(LIMITS.stdinLines.standard))),
});

// A file's path or name as a person or program gives it; the workspace decides whether it is safe.
const pathSchema = textWithin(1, LIMITS.filePathUtf16.standard);

const aRun = v.strictObject({ runId: runIdSchema });
const aSession = v.strictObject({ sessionId: sessionIdSchema });
const aFile = v.strictObject({ sessionId: sessionIdSchema, path: pathSchema });

/** What each method of the door takes; checked where the door is served. */
export const RUNS_REQUESTS: DoorRequests<RunsDoor> = {
  start: runRequestSchema,
  findRun: v.strictObject({ callKey: callKeySchema, isAwaited: v.exactOptional(v.boolean()) }),
  adoptSession: v.strictObject({ from: sessionIdSchema, to: sessionIdSchema }),
  sessionFacts: aSession,
  stop: aRun,
  answerInput: v.strictObject({
    runId: runIdSchema,
    text: v.nullable(inputLine),
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
  recentRuns: v.strictObject({ most: numberWithin(1, LIMITS.runsKept.standard) }),
};
