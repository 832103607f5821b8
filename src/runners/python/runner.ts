import type { EngineStart } from '../../contracts/runner-protocol.ts';
import type { Runner } from '../../contracts/runner.ts';
import { createEngineRunner, type EngineSource, initializeMessage } from '../kit/index.ts';
import { createEngineSpec, createImageSource } from './engine.ts';
import { pythonManifest } from './manifest.ts';

export interface PythonRunnerOptions {
  readonly source: EngineSource;
  /** Asked for each worker, so that a changed setting counts for the next one. */
  readonly start: () => EngineStart;
}

/**
 * Variables of an analysis cost minutes, and a busy device has taken 94 ms to stop a program that slept: without shared
 * memory Python has longer than others to say that it hears. Its loops may take 500 ms to end there.
 */
const HEARS_WITHIN_MS = 150;

/** Python in boxes. */
export function createPythonRunner({ source, start }: PythonRunnerOptions): Runner {
  return createEngineRunner({
    manifest: pythonManifest,
    engine: () => {
      const chosen = start();
      return { ...createEngineSpec(source, chosen), opening: initializeMessage(chosen) };
    },
    images: () => createImageSource(source),
    hearsWithinMs: HEARS_WITHIN_MS,
  });
}
