interface WaitOptions {
  readonly under: Node;
  readonly mostMs: number;
  readonly signal: AbortSignal;
}

/** Resolves with the first value of `probe` that is not null, looked for again whenever `under` changes; null after `mostMs`. */
export function waitFor<T>(probe: () => T | null, { under, mostMs, signal }: WaitOptions): Promise<T | null> {
  const found = probe();
  if (found !== null || signal.aborted) return Promise.resolve(found);
  return new Promise((resolve) => {
    const end = (value: T | null) => {
      observer.disconnect();
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(value);
    };
    const onAbort = () => end(null);
    const observer = new MutationObserver(() => {
      const value = probe();
      if (value !== null) end(value);
    });
    observer.observe(under, { childList: true, subtree: true, characterData: true, attributes: true });
    const timer = setTimeout(() => end(probe()), mostMs);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
