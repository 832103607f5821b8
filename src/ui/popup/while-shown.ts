import { useEffect } from 'preact/hooks';
import { onAbort } from '../../base/index.ts';

const REFRESH_MS = 2_000;

/** Calls `read` now and every two seconds until the signal aborts. */
export function readWhile(signal: AbortSignal, read: () => void): void {
  read();
  const timer = setInterval(read, REFRESH_MS);
  onAbort(signal, () => clearInterval(timer));
}

/** Calls `read` now, every two seconds while the part is shown, and anew when `of` changes. `signal` ends with it. */
export function useWhileShown(read: (signal: AbortSignal) => Promise<void>, of: string | null = null): void {
  useEffect(() => {
    const ended = new AbortController();
    readWhile(ended.signal, () => void read(ended.signal));
    return () => ended.abort();
  }, [of]);
}
