import * as v from 'valibot';
import { countSchema, numberWithin, textWithin } from '../bounded.ts';
import type { RunId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { LANGUAGES, PRIORITIES, type RunRequest, STRATEGIES, RUN_LIMITS, type RunLimit } from '../run.ts';
import type { DoorRequests } from './door.ts';
import type { RunsDoor } from './runs.ts';
import { bytesSchema, callKeySchema, languageSchema, runIdSchema, sessionIdSchema } from './runs-schema.ts';
import { placeSchema } from './selection-schema.ts';
import type { StreamPolicy } from './stream.ts';

const inputLine = textWithin(0, LIMITS.inputBytes.standard);

const timeMs = numberWithin(LIMITS.runTimeMs.smallest, LIMITS.runTimeMs.largest);
const memoryMB = numberWithin(LIMITS.otherMemoryMB.smallest, LIMITS.pythonMemoryMB.largest);
const limitsSchema = v.strictObject({ timeMs, memoryMB });
// Longer code is answered `run/code-too-large` by the run service, which is the better sentence; this only bounds it.
const codeSchema = textWithin(0, LIMITS.codeUtf16.standard * 4);

const runRequestSchema: v.GenericSchema<unknown, RunRequest> = v.strictObject({
  sessionId: sessionIdSchema,
  language: languageSchema,
  code: codeSchema,
  callKey: v.nullable(callKeySchema),
  trigger: v.picklist(['auto', 'press']),
  limits: limitsSchema,
  stdin: v.nullable(v.pipe(v.array(inputLine), v.maxLength(LIMITS.stdinLines.standard))),
  priority: v.exactOptional(v.picklist(PRIORITIES)),
  strategy: v.exactOptional(v.picklist(STRATEGIES)),
  dependsOn: v.exactOptional(v.pipe(v.array(runIdSchema), v.maxLength(LIMITS.runDependencies.standard))),
  // An estimate may be any number; the queue takes what is larger than its pool for the whole pool.
  need: v.exactOptional(v.strictObject({ timeMs: countSchema, memoryMB: countSchema })),
  isAgreed: v.exactOptional(v.boolean()),
  mayBeCached: v.exactOptional(v.boolean()),
});

// A file's path or name as a person or program gives it; the workspace decides whether it is safe.
const pathSchema = textWithin(1, LIMITS.filePathUtf16.standard);

const commandsSchema = v.pipe(
  v.array(textWithin(1, LIMITS.commandUtf16.standard)),
  v.maxLength(LIMITS.commandsAllowed.standard),
);

const chosenLimit = (limit: RunLimit) =>
  v.exactOptional(v.nullable(numberWithin(LIMITS[limit].smallest, LIMITS[limit].largest)));

const aRun = v.strictObject({ runId: runIdSchema });
const aSession = v.strictObject({ sessionId: sessionIdSchema });
const filePosition = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.fileBytes.standard));
const aFile = v.strictObject({ sessionId: sessionIdSchema, path: pathSchema });

/** What each method of the door takes; checked where the door is served. */
export const RUNS_REQUESTS: DoorRequests<RunsDoor> = {
  start: runRequestSchema,
  findRun: v.strictObject({ callKey: callKeySchema, isAwaited: v.exactOptional(v.boolean()) }),
  knownRuns: v.strictObject({
    callKeys: v.pipe(v.array(callKeySchema), v.maxLength(LIMITS.callKeysAsked.standard)),
  }),
  adoptSession: v.strictObject({ from: sessionIdSchema, to: sessionIdSchema }),
  sessionFacts: aSession,
  stop: aRun,
  hurry: aRun,
  answerInput: v.strictObject({
    runId: runIdSchema,
    question: countSchema,
    text: v.nullable(inputLine),
  }),
  restartSession: v.strictObject({
    sessionId: sessionIdSchema,
    language: v.exactOptional(languageSchema),
    keepsSaved: v.exactOptional(v.literal(true)),
  }),
  addFile: v.strictObject({
    sessionId: sessionIdSchema,
    name: pathSchema,
    bytes: bytesSchema,
    position: v.exactOptional(filePosition),
  }),
  readFile: v.strictObject({ ...aFile.entries, position: v.exactOptional(filePosition) }),
  listFiles: aSession,
  removeFile: aFile,
  describeFile: v.strictObject({ sessionId: sessionIdSchema, path: pathSchema, withValues: v.boolean() }),
  select: v.strictObject({
    sessionId: sessionIdSchema,
    language: v.nullable(languageSchema),
    label: v.nullable(textWithin(0, 100)),
    code: codeSchema,
    once: v.exactOptional(placeSchema),
  }),
  suggestFix: v.strictObject({ sessionId: sessionIdSchema, language: languageSchema, code: codeSchema }),
  choose: v.strictObject({
    sessionId: sessionIdSchema,
    place: v.exactOptional(
      v.strictObject({ language: v.picklist([...LANGUAGES, 'all']), place: v.nullable(placeSchema) }),
    ),
    limits: v.exactOptional(
      v.strictObject({
        runTimeMs: chosenLimit('runTimeMs'),
        pythonMemoryMB: chosenLimit('pythonMemoryMB'),
        otherMemoryMB: chosenLimit('otherMemoryMB'),
      }),
    ),
    raise: v.exactOptional(v.picklist(RUN_LIMITS)),
    commands: v.exactOptional(v.nullable(commandsSchema)),
  }),
  warm: v.strictObject({ language: languageSchema, sessionId: v.exactOptional(sessionIdSchema) }),
  failures: v.strictObject({}),
  status: v.strictObject({}),
  recentRuns: v.strictObject({ most: numberWithin(1, LIMITS.runsKept.standard) }),
};

/** What happens in a run; watched from a number on. */
export const RUNS_STREAM: StreamPolicy<{ readonly runId: RunId; readonly after: number }> = {
  callers: ['site', 'extension'],
  request: v.strictObject({ runId: runIdSchema, after: countSchema }),
};
