import { fail } from '../../base/index.ts';
import type { EngineSpec } from '../../contracts/box.ts';
import { appError } from '../../contracts/errors.ts';
import type { Runner, SavedEngines } from '../../contracts/runner.ts';
import { createEngineRunner, engineSpec, type EngineSource } from '../kit/index.ts';
import { Breakdowns } from './breakdowns.ts';
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
}

/** Programs are asked to end, then ended; the machine itself hears of it within a turn of its worker. */
const STOP_GRACE_MS = 3_000;
/** A worker that emulates a processor comes to its messages between two stretches of it. */
const HEARS_WITHIN_MS = 500;

const SMALL_FILES = ['v86.wasm', 'bios.bin', 'vgabios.bin', 'manifest.json'];

function linuxSpec(source: EngineSource, isSmall: boolean): EngineSpec {
  return engineSpec({
    id: isSmall ? 'linux-small' : 'linux',
    source,
    files: SMALL_FILES.slice(1),
    modules: SMALL_FILES.slice(0, 1),
    blobs: isSmall ? ['small.state.gz'] : ['full.state.gz', 'full.pack'],
    // 300 MB and a second of two processors: more than may be spent on a guess.
    startsWhole: false,
    isCostly: true,
  });
}

/** Linux in boxes. */
export function createLinuxRunner({ source, isSmall, savedEngines, savedLeastMs }: LinuxRunnerOptions): Runner {
  const runner = createEngineRunner({
    manifest: linuxManifest,
    engine: () => linuxSpec(source, isSmall()),
    stopGraceMs: STOP_GRACE_MS,
    hearsWithinMs: HEARS_WITHIN_MS,
    serveFiles,
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
  return {
    ...runner,
    warm(boxes) {
      void built().then((is) => is && runner.warm(boxes));
    },
    async openSession(options) {
      if (!(await built())) return fail(appError('linux/not-built'));
      return runner.openSession(options);
    },
  };
}
