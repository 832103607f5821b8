import type { EngineSpec } from '../../contracts/box.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type MachineSpec, PROFILES } from '../../contracts/machine-spec.ts';
import { engineSpec, type EngineSource, type OwnEngine } from '../kit/index.ts';
import { serveFiles } from './serve-files.ts';
import { TOOL_PACK_FILE } from './tool-pack-file.ts';

/** A tool pack for machines of the full image. */
export interface LentToolPack {
  /** Another one each time that a pack is added, also of the same file. */
  readonly key: string;
  load(): Promise<Blob>;
}

/** What a machine boots from that has another memory than its image; see src/container/boot. */
const BOOT_FILE = 'boot.zst';
const SMALL_FILES = ['v86.wasm', 'bios.bin', 'vgabios.bin', 'manifest.json'];

/** The machine of every session that asked for no other one. `tools` go to the full image alone. */
export function createLinuxSpec(source: EngineSource, isSmall: boolean, tools: LentToolPack | null = null): EngineSpec {
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
    // 8 or 16 MB: by blobs that all boxes share they came late in Firefox.
    isReadAnew: true,
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
export function ownMachine(source: EngineSource, machine: MachineSpec, tools: LentToolPack | null): OwnEngine {
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
