/** What a promise brings where there is one, or null as soon as the signal is aborted. Rejects as the promise does. */
export function unlessAborted<T>(promise: Promise<T> | undefined, signal: AbortSignal): Promise<T | undefined | null> {
  const aborted = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  return Promise.race([promise, aborted]);
}
