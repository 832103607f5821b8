import type { RunsDoor } from '../../contracts/doors/runs.ts';

/** What is ahead of need goes after some minutes in which nobody wanted it; who writes on wants it still. */
const ASK_EVERY_MS = 60_000;
/** Devices that tell of this much memory (GB) or less begin with the call itself. */
const SHORT_MEMORY_GB = 4;

interface WarmAheadOptions {
  readonly runs: Pick<RunsDoor, 'warm'>;
  /** The editor of the page, or null. */
  readonly composer: () => EventTarget | null;
  readonly isOn: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * Has Python begin when the person writes a message: it stands by the time the answer calls it (decision 0080). Only real keys
 * in the composer count, and only where a worker more does not press on memory: not on a device that is held in the hand.
 * Returns the same for a turn that opens: not every message is written (a suggestion, a text that was pasted, Try again).
 */
export function warmAhead(window: Window, { runs, composer, isOn, signal }: WarmAheadOptions): () => void {
  const { deviceMemory } = window.navigator as { readonly deviceMemory?: number };
  const isHandheld = window.matchMedia('(pointer: coarse)').matches;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  const mayAsk = (): boolean => performance.now() - askedAtMs >= ASK_EVERY_MS && isOn();
  const ask = (): void => {
    askedAtMs = performance.now();
    void runs.warm({ language: 'python' });
  };
  if (isHandheld || (deviceMemory !== undefined && deviceMemory <= SHORT_MEMORY_GB)) return () => undefined;
  const take = (event: Event): void => {
    if (!event.isTrusted || !mayAsk()) return;
    const editor = composer();
    if (editor !== null && event.composedPath().includes(editor)) ask();
  };
  window.addEventListener('keydown', take, { capture: true, passive: true, signal });
  return () => {
    if (mayAsk()) ask();
  };
}
