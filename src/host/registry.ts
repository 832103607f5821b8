import type { SessionId } from '../contracts/ids.ts';
import type { MachineSpec } from '../contracts/machine-spec.ts';
import type { EngineStart } from '../contracts/runner-protocol.ts';
import type { Runner, SavedEngines } from '../contracts/runner.ts';
import type { EngineSource } from '../runners/kit/index.ts';
import { createJavaScriptRunner } from '../runners/javascript/index.ts';
import { createLinuxRunner, type LentToolPack } from '../runners/linux/index.ts';
import { createLuaRunner } from '../runners/lua/index.ts';
import { createPythonRunner } from '../runners/python/index.ts';
import { createWasmRunner } from '../runners/wasm/index.ts';

export interface RegistryOptions {
  /** The files of an engine, by its runner's id. */
  readonly sourceOf: (id: string) => EngineSource;
  /** Asked for each worker, so that a changed setting counts for the next one. */
  readonly pythonStart: () => EngineStart;
  /** Asked for each machine. */
  readonly isMemoryShort: () => boolean;
  /** Where engines are kept over the end of the browser; nowhere where nothing is said. */
  readonly savedEngines?: SavedEngines;
  /** What the machine of a session was asked to be; the usual one where nothing is said. */
  readonly specOf?: (sessionId: SessionId) => Promise<MachineSpec | null>;
  /** What a person added for machines of the full image; none where nothing is said. */
  readonly toolPack?: () => Promise<LentToolPack | null>;
}

/** Every runner of this product, one line each; the one that is wanted most often first. */
export function createRunners({
  sourceOf,
  pythonStart,
  isMemoryShort,
  savedEngines,
  specOf,
  toolPack,
}: RegistryOptions): readonly Runner[] {
  return [
    createPythonRunner({ source: sourceOf('python'), start: pythonStart }),
    createJavaScriptRunner({ source: sourceOf('javascript') }),
    createLinuxRunner({ source: sourceOf('linux'), isSmall: isMemoryShort, savedEngines, specOf, toolPack }),
    createLuaRunner({ source: sourceOf('lua') }),
    createWasmRunner({ source: sourceOf('wasm') }),
  ];
}
