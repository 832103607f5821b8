/** Calls `then` once when the signal aborts; not where it has aborted before. */
export function onAbort(signal: AbortSignal, then: () => unknown): void {
  signal.addEventListener('abort', then, { once: true });
}
