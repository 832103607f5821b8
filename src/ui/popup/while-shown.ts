import { useEffect } from 'preact/hooks';

const REFRESH_MS = 2_000;

/** Calls `read` now, every two seconds while the part is shown, and anew when `of` changes. `signal` ends with it. */
export function useWhileShown(read: (signal: AbortSignal) => Promise<void>, of: string | null = null): void {
  useEffect(() => {
    const ended = new AbortController();
    const again = () => void read(ended.signal);
    again();
    const timer = setInterval(again, REFRESH_MS);
    return () => {
      clearInterval(timer);
      ended.abort();
    };
  }, [of]);
}
