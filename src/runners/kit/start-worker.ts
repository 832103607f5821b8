import { fail, ok, type Result } from '../../base/index.ts';
import type { BoxWorker } from '../../contracts/box.ts';
import { appError, type AppError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { MachineSpec } from '../../contracts/machine-spec.ts';
import {
  type EngineStart,
  type FromWorker,
  fromWorkerSchema,
  RUNNER_PROTOCOL,
  type ToWorker,
} from '../../contracts/runner-protocol.ts';

const MOUNT_PATH = '/mnt/data';

export type Initialized = Extract<FromWorker, { kind: 'initialized' }>;

/** A message that the schema refuses is dropped: a program can forge as many as it likes. */
export function parseFromWorker(message: unknown): FromWorker | null {
  const parsed = fromWorkerSchema.safeParse(message);
  return parsed.success ? parsed.data : null;
}

/** What starts an engine; the box posts it before all else. Engines without a saved heap start `cold`. */
export function initializeMessage(start: EngineStart = 'cold', machine?: MachineSpec): ToWorker {
  return { kind: 'initialize', protocol: RUNNER_PROTOCOL, start, mountPath: MOUNT_PATH, ...(machine && { machine }) };
}

/**
 * Waits for the interpreter of a fresh worker. Must be the worker's first listener: its answer may have come already. `runner/start-failed` when it cannot, `box/lost` when the
 * box ends first, `run/stopped` when `signal` aborts. Never closes the worker.
 */
export async function initializeWorker(
  worker: BoxWorker,
  options: { readonly signal: AbortSignal; readonly withinMs?: number | undefined },
): Promise<Result<Initialized, AppError>> {
  const over = new AbortController();
  const answered = new Promise<Result<Initialized, AppError>>((settle) => {
    const listen = (message: unknown): void => {
      const parsed = parseFromWorker(message);
      if (parsed?.kind === 'initialized') settle(ok(parsed));
      if (parsed?.kind === 'startFailed') settle(fail(appError('runner/start-failed', parsed.detail)));
    };
    worker.onMessage(listen, { signal: over.signal });
    const stop = (): void => settle(fail(appError('run/stopped')));
    options.signal.addEventListener('abort', stop, { signal: over.signal });
    if (options.signal.aborted) stop();
    void worker.closed.then((how) => settle(fail(appError('box/lost', how))));
    const late = setTimeout(
      () => settle(fail(appError('runner/start-failed', 'no answer'))),
      options.withinMs ?? LIMITS.engineStartMs.standard,
    );
    over.signal.addEventListener('abort', () => clearTimeout(late));
  });
  const result = await answered;
  over.abort();
  return result;
}
