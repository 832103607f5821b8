import { ok } from '../../base/index.ts';
import type { EngineSpec } from '../../contracts/box.ts';
import type { EngineStart } from '../../contracts/runner-protocol.ts';
import type { Runner } from '../../contracts/runner.ts';
import { createEngineSpec, createImageSource, type EngineSource } from './engine.ts';
import { pythonManifest } from './manifest.ts';
import { PythonSession } from './session.ts';
import { initializeMessage, initializeWorker } from './start-worker.ts';

const MOUNT_PATH = '/mnt/data';

export interface PythonRunnerOptions {
  readonly source: EngineSource;
  /** Asked for each worker, so that a changed setting counts for the next one. */
  readonly start: () => EngineStart;
}

/** Python in boxes: opens sessions, and keeps a started interpreter ready where the opener can afford one. */
export function createPythonRunner(options: PythonRunnerOptions): Runner {
  const specOf = (start: EngineStart): EngineSpec => ({
    ...createEngineSpec(options.source, start),
    opening: initializeMessage(start, MOUNT_PATH),
  });
  return {
    manifest: pythonManifest,
    warm(boxes) {
      const start = options.start();
      const prepare = async (worker: Parameters<typeof initializeWorker>[0]): Promise<void> => {
        const never = new AbortController().signal;
        const started = await initializeWorker(worker, { signal: never });
        if (!started.ok) throw new Error(started.error.code);
      };
      boxes.warm(specOf(start), prepare);
    },
    async openSession({ boxes, files, signal }) {
      const start = options.start();
      const opened = await boxes.open(specOf(start), { signal });
      if (!opened.ok) return opened;
      const worker = opened.value;
      const starting = worker.isPrepared ? null : initializeWorker(worker, { signal });
      // Before it has started: connecting Python to its tree already looks into it.
      const session = new PythonSession(worker, files, createImageSource(options.source));
      if (!starting) return ok(session);
      const started = await starting;
      if (!started.ok) {
        session.dispose();
        return started;
      }
      session.takeStart(started.value);
      return ok(session);
    },
  };
}
