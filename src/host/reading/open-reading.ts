import { type CodeReading, ReaderFailed, type ReadingReply, type ReadingRequest } from './code-reading.ts';

/** A reader that is silent for so long is lost: the largest code that is read takes a second or two on a slow phone. */
const SILENT_MS = 20_000;

/**
 * Reads code in a worker, started when first asked and ended with the signal; what is asked then never settles. Where the
 * worker fails or is silent while something is asked, all of that rejects with ReaderFailed, and the next question starts another one.
 */
export function openReading({ signal }: { readonly signal: AbortSignal }): CodeReading {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let worker: Worker | null = null;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const lose = (lost: Worker, why: string): void => {
    lost.terminate();
    if (worker === lost) worker = null;
    clearTimeout(silence);
    for (const { reject } of waiting.values()) reject(new ReaderFailed(why));
    waiting.clear();
  };
  const watchSilence = (own: Worker): void => {
    clearTimeout(silence);
    if (waiting.size > 0) silence = setTimeout(() => lose(own, 'it is silent'), SILENT_MS);
  };

  const started = (): Worker => {
    const own = new Worker(new URL('./reading-worker.ts', import.meta.url), { type: 'module', name: 'reading' });
    own.onmessage = ({ data: { id, answer } }: MessageEvent<ReadingReply>) => {
      if (answer.ok) waiting.get(id)?.resolve(answer.value);
      else waiting.get(id)?.reject(new ReaderFailed(answer.error));
      waiting.delete(id);
      watchSilence(own);
    };
    // The worker catches what reading throws; this is the worker itself failing to start. No later message reaches it.
    own.onerror = (event) => lose(own, event.message);
    return own;
  };
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(silence);
      worker?.terminate();
    },
    { once: true },
  );

  const ask = <Method extends keyof CodeReading>(method: Method): CodeReading[Method] =>
    // One form for all: types of what goes and comes are those of the method.
    ((...args: readonly unknown[]) => {
      const asked = Promise.withResolvers<unknown>();
      lastId += 1;
      waiting.set(lastId, asked);
      if (!signal.aborted) worker ??= started();
      worker?.postMessage({ id: lastId, method, args } satisfies ReadingRequest);
      if (worker !== null && waiting.size === 1) watchSilence(worker);
      return asked.promise;
    }) as CodeReading[Method];

  return { analyse: ask('analyse'), check: ask('check'), fixes: ask('fixes'), asked: ask('asked'), warm: ask('warm') };
}
