import { fail } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { MachineSpec } from '../../contracts/machine-spec.ts';
import type { Runner, SavedEngines } from '../../contracts/runner.ts';
import { createEngineRunner, type EngineSource } from '../kit/index.ts';
import { Breakdowns } from './breakdowns.ts';
import { createCheckedParts } from './checked-parts.ts';
import { createLinuxSpec, type LentToolPack, ownMachine } from './engine.ts';
import { linuxManifest } from './manifest.ts';
import { serveFiles } from './serve-files.ts';

export interface LinuxRunnerOptions {
  readonly source: EngineSource;
  /** Asked for each machine: true where memory is short, so that it gets the small image. */
  readonly isSmall: () => boolean;
  /** Where machines are kept as their sessions left them; none is where nothing is said. */
  readonly savedEngines?: SavedEngines | undefined;
  /** The least time between two states of a machine that are kept; a minute where nothing is said. */
  readonly savedLeastMs?: number | undefined;
  /** What the machine of a session was asked to be; null for the usual one. Rejects where that cannot be known. */
  readonly specOf?: ((sessionId: SessionId) => Promise<MachineSpec | null>) | undefined;
  /** Asked before each machine; null where no pack was added. Never rejects; no pack where nothing is said. */
  readonly toolPack?: (() => Promise<LentToolPack | null>) | undefined;
}

/** Programs are asked to end, then ended; the machine itself hears of it within a turn of its worker. */
const STOP_GRACE_MS = 3_000;
/** A worker that emulates a processor comes to its messages between two stretches of it. */
const HEARS_WITHIN_MS = 500;

/** No pack where its file is gone, or cannot be opened: a machine starts without. */
async function withinReach(lent: LentToolPack | null): Promise<LentToolPack | null> {
  if (lent === null) return null;
  try {
    const file = await lent.load();
    return { key: lent.key, load: async () => file };
  } catch (cause) {
    console.warn('the tool pack cannot be opened, this machine starts without it', cause);
    return null;
  }
}

/** Linux in boxes. */
export function createLinuxRunner({
  source,
  isSmall,
  savedEngines,
  savedLeastMs,
  specOf,
  toolPack = async () => null,
}: LinuxRunnerOptions): Runner {
  let tools: LentToolPack | null = null;
  const usual = () => createLinuxSpec(source, isSmall(), tools);
  const runner = createEngineRunner({
    manifest: linuxManifest,
    engine: usual,
    ownEngine:
      specOf &&
      (async (sessionId) => {
        const machine = await specOf(sessionId);
        return machine && ownMachine(source, machine, tools);
      }),
    stopGraceMs: STOP_GRACE_MS,
    hearsWithinMs: HEARS_WITHIN_MS,
    images: () => createCheckedParts(source),
    serveFiles: (files) => serveFiles(files),
    savedEngines,
    savedLeastMs,
    recovery: new Breakdowns(),
  });
  let isBuilt: Promise<boolean> | null = null;
  const built = (): Promise<boolean> =>
    (isBuilt ??= source.load('manifest.json').then(
      () => true,
      () => false,
    ));
  /** Whether there is a Linux to start, and from now on with which pack. */
  const ready = async (): Promise<boolean> => {
    const [is, lent] = await Promise.all([built(), toolPack().then(withinReach)]);
    tools = lent;
    return is;
  };
  return {
    ...runner,
    warm(boxes) {
      void ready().then((is) => is && runner.warm(boxes));
    },
    expect(boxes) {
      // The small image takes no pack: nobody looks into the database for it.
      void (isSmall() ? built() : ready()).then((is) => is && boxes.expect(usual()));
    },
    async openSession(options) {
      if (!(await ready())) return fail(appError('linux/not-built'));
      return runner.openSession(options);
    },
  };
}
