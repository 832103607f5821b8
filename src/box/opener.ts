import { fail, ok, type Result } from '../base/index.ts';
import type { BoxOpener, BoxWorker, EngineSpec } from '../contracts/box.ts';
import { appError, type AppError } from '../contracts/errors.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { BoxHandle } from './box-handle.ts';
import { EmptyBox } from './empty-box.ts';
import { EngineBytes } from './engine-bytes.ts';
import { openFrame } from './frame.ts';
import { Spare } from './spare.ts';

export interface BoxOpenerOptions {
  /** The host's document; box frames are hidden children of its body. */
  readonly document: Document;
  readonly pageUrl: string;
  /** Asked before each spare; false where memory is short. */
  readonly canAffordSpare: () => boolean;
}

export interface SpareControl {
  /** Ends the spare and keeps none until the next `warm`. */
  dropSpare(): void;
  /** Waits for the spare that is being made, if any. True when one is ready. */
  spareReady(): Promise<boolean>;
}

/** Opens boxes, proves each before use; keeps one spare and one empty box ahead of need. */
export function createBoxOpener(options: BoxOpenerOptions): BoxOpener & SpareControl {
  const bytes = new EngineBytes();
  const empty = new EmptyBox(
    (signal) => openFrame({ document: options.document, pageUrl: options.pageUrl, signal }),
    options.canAffordSpare,
  );
  const openFresh = (engine: EngineSpec, signal: AbortSignal): Promise<Result<BoxHandle, AppError>> =>
    openProven(empty, bytes, engine, signal);
  const spare = new Spare({ open: openFresh, canAfford: options.canAffordSpare });
  return {
    async open(engine, { signal }): Promise<Result<BoxWorker, AppError>> {
      if (signal.aborted) return fail(appError('run/stopped'));
      const warm = await spare.take(engine, signal);
      const opened = warm ? ok(warm) : await openFresh(engine, signal);
      if (opened.ok && signal.aborted) {
        opened.value.close();
        return fail(appError('run/stopped'));
      }
      return opened;
    },
    warm: (engine, prepare) => spare.warm(engine, prepare),
    dropSpare: () => {
      spare.drop();
      empty.drop();
    },
    spareReady: () => spare.isReady(),
  };
}

/** A box whose worker has met every wall. The engine's files may still be on their way. */
async function openProven(
  empty: EmptyBox,
  bytes: EngineBytes,
  engine: EngineSpec,
  signal: AbortSignal,
): Promise<Result<BoxHandle, AppError>> {
  const lost = new AbortController();
  const late = setTimeout(() => lost.abort(), LIMITS.boxReadyMs.standard);
  const either = AbortSignal.any([signal, lost.signal]);
  const aborted = new Promise<'aborted'>((settle) =>
    either.addEventListener('abort', () => settle('aborted'), { once: true }),
  );
  const frame = empty.take(either);
  const sent = bytes.send(engine, frame).then(
    () => null,
    (error: unknown) => appError('runner/start-failed', 'engine files', error),
  );
  const handle = await frame;
  const ended = async (): Promise<Result<BoxHandle, AppError>> => {
    if (!handle) return fail(appError(signal.aborted ? 'run/stopped' : 'box/lost', 'no box page'));
    const unsent = sent.then((error) => error ?? new Promise<never>(() => undefined));
    const first = await Promise.race([handle.proof, handle.closed, aborted, unsent]);
    if (first === 'aborted') return fail(appError(signal.aborted ? 'run/stopped' : 'box/lost', 'no answer'));
    if (first === 'crashed' || first === 'closed') return fail(appError('box/lost', handle.crashReason ?? first));
    if ('code' in first) return fail(first);
    return first.length > 0 ? fail(appError('box/self-test-failed', first.join(', '))) : ok(handle);
  };
  const result = await ended();
  clearTimeout(late);
  if (!result.ok) handle?.close();
  else {
    void sent.then((error) => {
      if (error) handle?.close();
      empty.replenish();
    });
  }
  return result;
}
