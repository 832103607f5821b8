import type { RunsDoor } from '../../contracts/doors/runs.ts';

/** What is ahead of need goes after some minutes in which nobody wanted it; who writes on wants it still. */
const ASK_EVERY_MS = 60_000;
/** Devices that tell of this much memory (GB) or less begin with the call itself. */
const SHORT_MEMORY_GB = 4;

interface WarmOnTypingOptions {
  readonly runs: Pick<RunsDoor, 'warm'>;
  /** The editor of the page, or null. */
  readonly composer: () => EventTarget | null;
  readonly isOn: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * Has Python begin when the person writes a message: it stands by the time the answer calls it (decision 0080). Only real keys
 * in the composer count, and only where a worker more does not press on memory: not on a device that is held in the hand.
 */
export function warmOnTyping(window: Window, { runs, composer, isOn, signal }: WarmOnTypingOptions): void {
  const { deviceMemory } = window.navigator as { readonly deviceMemory?: number };
  const isHandheld = window.matchMedia('(pointer: coarse)').matches;
  if (isHandheld || (deviceMemory !== undefined && deviceMemory <= SHORT_MEMORY_GB)) return;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  const take = (event: Event): void => {
    const atMs = performance.now();
    if (!event.isTrusted || atMs - askedAtMs < ASK_EVERY_MS || !isOn()) return;
    const editor = composer();
    if (editor === null || !event.composedPath().includes(editor)) return;
    askedAtMs = atMs;
    void runs.warm({ language: 'python' });
  };
  window.addEventListener('keydown', take, { capture: true, passive: true, signal });
}
