import * as v from 'valibot';
import type { Analysis } from '../analysis.ts';
import { countSchema as count, numberWithin, textWithin } from '../bounded.ts';
import { LIMITS } from '../limits.ts';
import { EGRESS_OUTCOMES } from '../network.ts';
import { PRIORITIES } from '../run.ts';
import type { DoorAnswers, DoorPolicy, DoorRequests } from './door.ts';
import type { EngineDoor } from './engine.ts';
import { codeSchema } from './code-schema.ts';
import { alertsSchema, machineReportSchema } from './meter-schema.ts';
import { MACHINES_POLICY, MACHINES_REQUESTS, machinesAnswers } from './machines-policy.ts';
import {
  bytesSchema,
  fileStatSchema,
  languageSchema,
  runIdSchema,
  runSummarySchema,
  sessionIdSchema,
} from './runs-schema.ts';
import { placeSchema } from './selection-schema.ts';
import { TOOL_PACK_POLICY, TOOL_PACK_REQUESTS, toolPackAnswers } from './tool-pack-policy.ts';

const OWN_PAGES = { callers: ['extension'], deadlineMs: 30_000, whenAway: 'start' } as const;

/** Two gigabytes are packed or unpacked. */
const WHOLE_TREE = { ...OWN_PAGES, deadlineMs: 600_000 } as const;

export const ENGINE_POLICY: DoorPolicy<EngineDoor> = {
  ...MACHINES_POLICY,
  ...TOOL_PACK_POLICY,
  analyse: OWN_PAGES,
  capabilities: OWN_PAGES,
  activeRuns: OWN_PAGES,
  runHistory: OWN_PAGES,
  meter: OWN_PAGES,
  machineMeter: OWN_PAGES,
  runFailures: OWN_PAGES,
  cacheStatus: OWN_PAGES,
  clearCache: OWN_PAGES,
  network: OWN_PAGES,
  allowHosts: OWN_PAGES,
  egressLog: OWN_PAGES,
  clearEgressLog: OWN_PAGES,
  analysisOptions: OWN_PAGES,
  setAnalysisOptions: OWN_PAGES,
  // Above `savingMs`.
  saveMachine: { ...OWN_PAGES, deadlineMs: 150_000 },
  sessionChoices: OWN_PAGES,
  countFiles: OWN_PAGES,
  exportZip: WHOLE_TREE,
  importZip: WHOLE_TREE,
  readPiece: { ...OWN_PAGES, deadlineMs: 120_000 },
};

/** What the host answers. Made on use: the content script shares the bridge and must not carry it. */
export function engineAnswers(): DoorAnswers<EngineDoor> {
  const text = v.string();
  const sessionNetwork = v.strictObject({
    origins: v.array(text),
    usedBytes: count,
    sentBytes: count,
    mostBytes: count,
  });
  const state = v.picklist(['waiting', 'starting', 'running', 'asking']);
  return {
    ...machinesAnswers(),
    ...toolPackAnswers(),
    analyse: // Made by our own host from the code that was sent; its many fields are held by its type there.
      v.custom<Analysis>((value) => typeof value === 'object' && value !== null && 'dependencies' in value),
    capabilities: v.array(
      v.strictObject({
        language: languageSchema,
        runner: text,
        keepsVariables: v.boolean(),
        readsInput: v.boolean(),
        showsFigures: v.boolean(),
        hostFunctions: v.boolean(),
        network: v.boolean(),
        memoryMB: count,
        cannot: v.array(text),
      }),
    ),
    activeRuns: v.array(
      v.strictObject({
        runId: runIdSchema,
        sessionId: sessionIdSchema,
        language: languageSchema,
        runner: text,
        priority: v.picklist(PRIORITIES),
        state,
        ahead: count,
        askedAtMs: count,
        beganAtMs: v.nullable(count),
        memoryBytes: count,
      }),
    ),
    runHistory: v.array(runSummarySchema),
    meter: v.strictObject({
      samples: v.array(
        v.strictObject({
          atMs: count,
          memoryBytes: count,
          memoryShare: v.number(),
          cpuShare: v.number(),
          storageBytes: count,
          storageShare: v.number(),
          networkBytes: count,
          runs: count,
        }),
      ),
      alerts: alertsSchema,
    }),
    machineMeter: v.nullable(machineReportSchema),
    runFailures: v.array(
      v.strictObject({
        runId: runIdSchema,
        runner: text,
        language: languageSchema,
        code: codeSchema,
        title: v.nullable(text),
        line: v.nullable(count),
        atMs: count,
      }),
    ),
    cacheStatus: v.array(
      v.strictObject({ name: text, bytes: count, mostBytes: count, entries: count, hits: count, misses: count }),
    ),
    clearCache: v.null(),
    network: sessionNetwork,
    allowHosts: sessionNetwork,
    egressLog: v.array(
      v.strictObject({
        atMs: count,
        sessionId: sessionIdSchema,
        runner: text,
        method: text,
        address: text,
        status: v.nullable(count),
        bytesOut: count,
        bytesIn: count,
        outcome: v.picklist(EGRESS_OUTCOMES),
      }),
    ),
    clearEgressLog: v.null(),
    analysisOptions: v.strictObject({ json: text }),
    setAnalysisOptions: v.null(),
    saveMachine: v.nullable(v.strictObject({ atMs: count })),
    sessionChoices: v.strictObject({
      places: v.record(text, placeSchema),
      limits: v.record(text, count),
      commands: v.array(text),
    }),
    countFiles: v.strictObject({ count, bytes: count, damaged: v.array(text) }),
    exportZip: fileStatSchema,
    importZip: v.strictObject({ files: count, folders: count, bytes: count }),
    readPiece: v.strictObject({ bytes: bytesSchema, stat: fileStatSchema }),
  };
}

/** Below the root, '' for the root itself; the workspace decides whether it is safe. */
const pathSchema = textWithin(0, LIMITS.filePathUtf16.standard);
const most = numberWithin(1, LIMITS.runsKept.standard);
const mostSamples = numberWithin(1, LIMITS.meterSamples.standard);

/** What each method takes; checked where the door is served. */
export const ENGINE_REQUESTS: DoorRequests<EngineDoor> = {
  ...MACHINES_REQUESTS,
  ...TOOL_PACK_REQUESTS,
  analyse: v.strictObject({
    code: textWithin(0, LIMITS.codeUtf16.standard * 4),
    label: v.nullable(textWithin(0, 100)),
  }),
  capabilities: v.strictObject({}),
  activeRuns: v.strictObject({}),
  runHistory: v.strictObject({
    sessionId: v.exactOptional(sessionIdSchema),
    language: v.exactOptional(languageSchema),
    outcome: v.exactOptional(
      v.picklist(['completed', 'crashed', 'timedOut', 'cancelled', 'refused', 'failed', 'active']),
    ),
    sinceMs: v.exactOptional(count),
    beforeMs: v.exactOptional(count),
    most,
  }),
  meter: v.strictObject({ most: v.exactOptional(mostSamples) }),
  machineMeter: v.strictObject({ sessionId: sessionIdSchema, most: v.exactOptional(mostSamples) }),
  runFailures: v.strictObject({ most }),
  cacheStatus: v.strictObject({}),
  clearCache: v.strictObject({}),
  network: v.strictObject({ sessionId: sessionIdSchema }),
  allowHosts: v.strictObject({
    sessionId: sessionIdSchema,
    hosts: v.pipe(v.array(textWithin(1, 300)), v.maxLength(LIMITS.networkHosts.standard)),
  }),
  egressLog: v.strictObject({ most: numberWithin(1, LIMITS.egressRowsKept.standard) }),
  clearEgressLog: v.strictObject({}),
  analysisOptions: v.strictObject({}),
  setAnalysisOptions: v.strictObject({ json: textWithin(0, LIMITS.analysisOptionsUtf16.standard) }),
  saveMachine: v.strictObject({ sessionId: sessionIdSchema, endsShells: v.exactOptional(v.boolean()) }),
  sessionChoices: v.strictObject({ sessionId: sessionIdSchema }),
  countFiles: v.strictObject({ sessionId: sessionIdSchema }),
  exportZip: v.strictObject({ sessionId: sessionIdSchema, path: pathSchema }),
  importZip: v.strictObject({ sessionId: sessionIdSchema, path: pathSchema, into: pathSchema }),
  readPiece: v.strictObject({
    sessionId: sessionIdSchema,
    path: pathSchema,
    position: numberWithin(0, LIMITS.fileBytes.standard),
  }),
};
