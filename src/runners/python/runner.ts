import { fail, ok } from '../../base/index.ts';
import type { EngineSpec } from '../../contracts/box.ts';
import type { EngineStart } from '../../contracts/runner-protocol.ts';
import { appError } from '../../contracts/errors.ts';
import type { Runner } from '../../contracts/runner.ts';
import { createEngineSpec, createImageSource, type EngineSource } from './engine.ts';
import { pythonManifest } from './manifest.ts';
import { PythonSession } from './session.ts';
import { initializeWorker } from './start-worker.ts';

const MOUNT_PATH = '/mnt/data';

export interface PythonRunnerOptions {
  readonly source: EngineSource;
  /** Asked for each worker, so that a changed setting counts for the next one. */
  readonly start: () => EngineStart;
}

/** Python in boxes: opens sessions, and keeps a started interpreter ready where the opener can afford one. */
export function createPythonRunner(options: PythonRunnerOptions): Runner {
  const specs = new Map<EngineStart, Promise<EngineSpec>>();
  const specOf = (start: EngineStart): Promise<EngineSpec> => {
    const known = specs.get(start);
    if (known) return known;
    const made = createEngineSpec(options.source, start);
    specs.set(start, made);
    made.catch(() => specs.delete(start)); // whoever asked reports it; the next one tries again
    return made;
  };
  return {
    manifest: pythonManifest,
    warm(boxes) {
      const start = options.start();
      const prepare = async (worker: Parameters<typeof initializeWorker>[0]): Promise<void> => {
        const never = new AbortController().signal;
        const started = await initializeWorker(worker, { start, mountPath: MOUNT_PATH, signal: never });
        if (!started.ok) throw new Error(started.error.code);
      };
      void specOf(start).then(
        (spec) => boxes.warm(spec, prepare),
        () => undefined, // the first run meets the same failure and reports it
      );
    },
    async openSession({ boxes, files, signal }) {
      const start = options.start();
      let spec: EngineSpec;
      try {
        spec = await specOf(start);
      } catch (error) {
        return fail(appError('runner/start-failed', 'engine files', error));
      }
      const opened = await boxes.open(spec, { signal });
      if (!opened.ok) return opened;
      const worker = opened.value;
      // Before the start: connecting Python to its tree already looks into it.
      const session = new PythonSession(worker, files, createImageSource(options.source));
      if (worker.isPrepared) return ok(session);
      const started = await initializeWorker(worker, { start, mountPath: MOUNT_PATH, signal });
      if (!started.ok) {
        session.dispose();
        return started;
      }
      session.takeStart(started.value);
      return ok(session);
    },
  };
}
