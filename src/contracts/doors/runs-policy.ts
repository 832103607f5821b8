import type { CallerKind, DoorPolicy } from './door.ts';
import type { RunsDoor } from './runs.ts';

const EVERYONE: readonly CallerKind[] = ['site', 'extension'];
/** A host that must be started first, engine not included. */
const QUICK = { callers: EVERYONE, deadlineMs: 30_000, whenAway: 'start' } as const;
/** The bytes of a large file must pass. */
const BYTES = { ...QUICK, deadlineMs: 120_000 } as const;
const ONLY_IF_THERE = { ...QUICK, whenAway: 'fail' } as const;

/** Who may call what, for how long, and what happens while the host is away. */
export const RUNS_POLICY: DoorPolicy<RunsDoor> = {
  start: QUICK,
  findRun: QUICK,
  knownRuns: ONLY_IF_THERE,
  adoptSession: QUICK,
  sessionFacts: QUICK,
  stop: ONLY_IF_THERE,
  hurry: ONLY_IF_THERE,
  answerInput: ONLY_IF_THERE,
  restartSession: QUICK,
  addFile: BYTES,
  readFile: BYTES,
  listFiles: QUICK,
  removeFile: QUICK,
  describeFile: BYTES,
  select: QUICK,
  suggestFix: QUICK,
  choose: QUICK,
  warm: QUICK,
  failures: QUICK,
  status: QUICK,
  recentRuns: { ...QUICK, callers: ['extension'] },
};

/** Name of the port of this door. Others of the extension carry other names and are left alone. */
export const RUNS_PORT = 'host:runs';
