import * as v from 'valibot';
import type { CodeLanguage } from '../analysis.ts';
import type { DoorAnswers } from './door.ts';
import { FIX_LINE_KINDS } from '../suggested-fix.ts';
import type { RunsDoor } from './runs.ts';
import {
  bytesSchema,
  callKeySchema,
  failuresSchema,
  fileStatSchema,
  hostStatusSchema,
  languageSchema,
  runIdSchema,
  runSummarySchema,
} from './runs-schema.ts';
import { decisionSchema, seenGroupSchema } from './selection-schema.ts';

const nothing = v.null();

/** For clients that check what the host answers. */
export const RUNS_ANSWERS: DoorAnswers<RunsDoor> = {
  start: v.strictObject({ runId: runIdSchema }),
  knownRuns: v.array(v.strictObject({ callKey: callKeySchema, language: languageSchema, code: v.string() })),
  findRun: v.nullable(v.strictObject({ runId: runIdSchema, isActive: v.boolean() })),
  adoptSession: v.strictObject({ adopted: v.boolean() }),
  sessionFacts: v.strictObject({
    hasPrivateFiles: v.boolean(),
    raisable: v.array(v.string()),
    savedAtMs: v.nullable(v.number()),
  }),
  stop: nothing,
  hurry: nothing,
  answerInput: nothing,
  restartSession: nothing,
  addFile: fileStatSchema,
  readFile: v.strictObject({ bytes: bytesSchema }),
  listFiles: v.array(fileStatSchema),
  removeFile: nothing,
  describeFile: v.strictObject({ text: v.string() }),
  select: v.strictObject({
    language: v.custom<CodeLanguage>((name) => typeof name === 'string'),
    isDetected: v.boolean(),
    decision: decisionSchema,
    seen: v.array(seenGroupSchema),
    asked: v.array(v.strictObject({ name: v.nullable(v.string()), text: v.string(), why: v.string() })),
  }),
  suggestFix: v.nullable(
    v.strictObject({
      title: v.string(),
      code: v.string(),
      language: languageSchema,
      lines: v.array(v.strictObject({ kind: v.picklist(FIX_LINE_KINDS), text: v.string() })),
    }),
  ),
  choose: nothing,
  warm: nothing,
  failures: failuresSchema,
  status: hostStatusSchema,
  recentRuns: v.array(runSummarySchema),
};

export { numberedRunEventSchema as RUNS_ITEM } from './runs-schema.ts';
