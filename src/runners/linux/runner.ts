import { fail } from '../../base/index.ts';
import type { EngineSpec } from '../../contracts/box.ts';
import { appError } from '../../contracts/errors.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type MachineSpec, PROFILES } from '../../contracts/machine-spec.ts';
import type { Runner, SavedEngines } from '../../contracts/runner.ts';
import { createEngineRunner, engineSpec, type EngineSource, type OwnEngine } from '../kit/index.ts';
import { Breakdowns } from './breakdowns.ts';
import { createCheckedParts } from './checked-parts.ts';
import { linuxManifest } from './manifest.ts';
import { serveFiles } from './serve-files.ts';
import { TOOL_PACK_FILE } from './tool-pack-file.ts';

/** A tool pack for machines of the full image. */
export interface LentToolPack {
  /** Another one each time that a pack is added, also of the same file. */
  readonly key: string;
  load(): Promise<Blob>;
}

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

/** What a machine boots from that has another memory than its image; see src/container/boot. */
const BOOT_FILE = 'boot.zst';
const SMALL_FILES = ['v86.wasm', 'bios.bin', 'vgabios.bin', 'manifest.json'];

function linuxSpec(source: EngineSource, isSmall: boolean, tools: LentToolPack | null): EngineSpec {
  const spec = engineSpec({
    id: isSmall ? 'linux-small' : 'linux',
    source,
    files: SMALL_FILES.slice(1),
    modules: SMALL_FILES.slice(0, 1),
    blobs: isSmall ? ['small.state.zst'] : ['full.state.zst'],
    // What a shell starts with is in the state: the disk is read only later.
    lateBlobs: isSmall ? [] : ['full.pack'],
    // 300 MB and a second of two processors: more than may be spent on a guess.
    startsWhole: false,
    isCostly: true,
  });
  return isSmall ? spec : withTools(spec, tools);
}

/** Under another name: what was read for a machine without a pack, or is ready ahead of need, is not one with it. */
function withTools(spec: EngineSpec, tools: LentToolPack | null): EngineSpec {
  if (tools === null) return spec;
  const file = { name: TOOL_PACK_FILE, load: () => tools.load(), asBlob: true };
  return { ...spec, id: `${spec.id} with ${tools.key}`, files: [...spec.files, file] };
}

/** A machine by spec. None is made ahead of need, so that nobody gets one that is another's; one that boots is given time. */
function ownMachine(source: EngineSource, machine: MachineSpec, tools: LentToolPack | null): OwnEngine {
  const { image, memoryMB } = PROFILES[machine.image];
  const isSmall = image === 'small';
  const boots = machine.memoryMB !== memoryMB;
  const own = isSmall ? ['small.state.zst'] : ['full.state.zst', 'full.pack'];
  const spec = engineSpec({
    id: `linux-${image}${boots ? '-booted' : ''}-by-spec`,
    source,
    files: SMALL_FILES.slice(1),
    modules: SMALL_FILES.slice(0, 1),
    blobs: boots ? [...new Set([...own, 'small.state.zst', BOOT_FILE])] : own,
    startsWhole: false,
    machine,
  });
  return {
    engine: isSmall ? spec : withTools(spec, tools),
    serveFiles: (files) => serveFiles(files, machine),
    startsWithinMs: boots ? LIMITS.machineBootMs.standard : undefined,
  };
}

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
  const runner = createEngineRunner({
    manifest: linuxManifest,
    engine: () => linuxSpec(source, isSmall(), tools),
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
    async openSession(options) {
      if (!(await ready())) return fail(appError('linux/not-built'));
      return runner.openSession(options);
    },
  };
}
