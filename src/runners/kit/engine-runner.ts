import { fail, ok, type Result } from '../../base/index.ts';
import type { BoxOpener, BoxWorker, EngineSpec } from '../../contracts/box.ts';
import type { AppError } from '../../contracts/errors.ts';
import type { SessionFiles } from '../../contracts/files.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { ToWorker } from '../../contracts/runner-protocol.ts';
import type { Runner, RunnerManifest, SavedEngines } from '../../contracts/runner.ts';
import { EngineKeeping } from './engine-keeping.ts';
import type { EngineRecovery } from './engine-recovery.ts';
import { EngineSession } from './engine-session.ts';
import { type ImageSource, NO_IMAGES } from './engine-source.ts';
import { overtaken } from './overtake.ts';
import type { ServedFiles } from './session-tree.ts';
import { type Initialized, initializeWorker } from './start-worker.ts';

/** An engine of one session that differs from those of all others. */
export interface OwnEngine {
  readonly engine: EngineSpec;
  readonly serveFiles?: ((files: SessionFiles) => ServedFiles) | undefined;
  /** How long its start may take and be silent; as for all others where nothing is said. */
  readonly startsWithinMs?: number | undefined;
}

/**
 * A start that is silent for this long is tried again beside itself: a browser under load has lost one in ten (Firefox), and
 * its own limit is six times as long. Starts take 0.1 to 2 s, so that few that are only slow come to this.
 */
const OVERTAKE_AFTER_MS = 5000;

export interface EngineRunnerOptions {
  readonly manifest: RunnerManifest;
  /** Asked for each worker, so that a changed setting counts for the next one. Holds the `initialize` message as `opening`. */
  readonly engine: () => EngineSpec;
  /** Asked before each start for a session: null where its engine is like any other. Rejects where that cannot be known. */
  readonly ownEngine?: ((sessionId: SessionId) => Promise<OwnEngine | null>) | undefined;
  /** For engines that load parts late. One source a session. */
  readonly images?: () => ImageSource;
  /**
   * How long the engine may take to end a run that was stopped, before its worker is ended. Short for one that cannot look
   * while it computes; LIMITS.stopGraceMs where nothing is said.
   */
  readonly stopGraceMs?: number;
  /** How long a worker without shared memory may take to say that it heard of a stop, before it counts as computing. */
  readonly hearsWithinMs?: number;
  /** For an engine that reaches the files by itself: serves a session's over a port. */
  readonly serveFiles?: (files: SessionFiles) => ServedFiles;
  /** For an engine that can be saved and go on later: where that is kept. */
  readonly savedEngines?: SavedEngines | undefined;
  readonly recovery?: EngineRecovery | undefined;
  /** The least time between two states that one engine gives to keep; a minute where nothing is said. */
  readonly savedLeastMs?: number | undefined;
}

/** A runner of one engine in boxes: opens sessions, and keeps a started engine ready where the opener can afford one. */
export function createEngineRunner(options: EngineRunnerOptions): Runner {
  const {
    manifest,
    engine,
    ownEngine,
    images = () => NO_IMAGES,
    stopGraceMs,
    hearsWithinMs,
    serveFiles,
    savedEngines,
    recovery,
  } = options;
  const keeping = savedEngines && new EngineKeeping(savedEngines, options.savedLeastMs);
  interface Opening {
    readonly sessionId: SessionId;
    readonly boxes: BoxOpener;
    readonly files: SessionFiles;
    readonly signal: AbortSignal;
    readonly own: OwnEngine;
  }
  /** How the engines of spares came up. */
  const prepared = new WeakMap<BoxWorker, Initialized>();
  const openOnce = async ({
    sessionId,
    boxes,
    files,
    signal,
    own,
  }: Opening): Promise<Result<EngineSession, AppError>> => {
    const loading = keeping?.load(sessionId);
    const opened = await boxes.open(own.engine, { signal });
    if (!opened.ok) return opened;
    const worker = opened.value;
    const saved = loading === undefined ? null : await loading;
    const starting = worker.isPrepared ? null : initializeWorker(worker, { signal, withinMs: own.startsWithinMs });
    // Before it has started: connecting an engine to its tree may already look into it.
    const session = new EngineSession({
      worker,
      files,
      images: images(),
      stopGraceMs,
      hearsWithinMs,
      serveFiles: own.serveFiles,
      saved,
      keep: keeping?.of(sessionId),
      onBroken: recovery && ((savedAtMs) => recovery.lost(sessionId, savedAtMs)),
    });
    if (!starting) {
      const start = prepared.get(worker);
      if (start) session.takeStart(start);
      return ok(session);
    }
    const started = await starting;
    if (!started.ok) {
      session.dispose();
      return started;
    }
    session.takeStart(started.value);
    return ok(session);
  };
  return {
    manifest,
    warm(boxes) {
      const prepare = async (worker: BoxWorker): Promise<void> => {
        const never = new AbortController().signal;
        const started = await initializeWorker(worker, { signal: never });
        if (!started.ok) throw new Error(started.error.code);
        prepared.set(worker, started.value);
        const warmUp: ToWorker = { kind: 'warmUp' };
        worker.post(warmUp);
      };
      boxes.warm(engine(), prepare);
    },
    ...(keeping && {
      forget: (sessionId: SessionId) => {
        keeping.forget(sessionId);
        recovery?.forget(sessionId);
      },
      forgive: (sessionId: SessionId) => {
        keeping.leave(sessionId);
        recovery?.forget(sessionId);
      },
    }),
    async openSession({ sessionId, boxes, files, signal }) {
      const refused = recovery?.refusal(sessionId) ?? null;
      if (refused !== null) return fail(refused);
      const own = (await ownEngine?.(sessionId)) ?? null;
      return overtaken(
        (ended) => openOnce({ sessionId, boxes, files, signal: ended, own: own ?? { engine: engine(), serveFiles } }),
        {
          patienceMs: own?.startsWithinMs ?? OVERTAKE_AFTER_MS,
          signal,
          discard: (late) => late.dispose(),
        },
      );
    },
  };
}
