import type { EngineStart } from '../../contracts/runner-protocol.ts';
import type { Runner } from '../../contracts/runner.ts';
import { createEngineRunner, type EngineSource, initializeMessage } from '../kit/index.ts';
import { createEngineSpec, createImageSource } from './engine.ts';
import { pythonManifest } from './manifest.ts';
import knownPackages from './packages.generated.json' with { type: 'json' };

export interface PythonRunnerOptions {
  readonly source: EngineSource;
  /** Asked for each worker, so that a changed setting counts for the next one. */
  readonly start: () => EngineStart;
}

/** Python in boxes. */
export function createPythonRunner({ source, start }: PythonRunnerOptions): Runner {
  return createEngineRunner({
    manifest: pythonManifest,
    engine: () => {
      const chosen = start();
      return { ...createEngineSpec(source, chosen), opening: initializeMessage(chosen, knownPackages) };
    },
    images: () => createImageSource(source),
  });
}
