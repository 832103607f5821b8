import type { CapturedTurn } from '../../contracts/capture.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';

/** Firefox ends a background page of which nobody asks anything for 30 seconds, with what is ahead of need in it. */
const ASK_EVERY_MS = 20_000;
/** How often it is looked whether that time is over: a key may have asked last, just before the turn. */
const LOOK_EVERY_MS = 5_000;
/** A model that thinks for longer finds what is ahead of need gone, as it goes when nobody wants it. */
const ASKS_PER_TURN = 15;
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
 * Returns the same for turns: not every message is written (a suggestion, a text that was pasted, Try again), and the model may
 * think for minutes before it calls (decision 0112).
 */
export function warmAhead(
  window: Window,
  { runs, composer, isOn, signal }: WarmAheadOptions,
): (turn: Pick<CapturedTurn, 'stream' | 'state'>) => void {
  const { deviceMemory } = window.navigator as { readonly deviceMemory?: number };
  const isHandheld = window.matchMedia('(pointer: coarse)').matches;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  const askInTime = (): boolean => {
    if (!isOn() || performance.now() - askedAtMs < ASK_EVERY_MS) return false;
    askedAtMs = performance.now();
    void runs.warm({ language: 'python' });
    return true;
  };
  if (isHandheld || (deviceMemory !== undefined && deviceMemory <= SHORT_MEMORY_GB)) return () => undefined;
  const take = (event: Event): void => {
    const editor = event.isTrusted ? composer() : null;
    if (editor !== null && event.composedPath().includes(editor)) askInTime();
  };
  window.addEventListener('keydown', take, { capture: true, passive: true, signal });

  const open = new Set<string>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const rest = (): void => clearInterval(timer);
  signal.addEventListener('abort', rest);
  return ({ stream, state }) => {
    rest();
    if (state === 'open') {
      open.add(stream);
      askInTime();
    } else open.delete(stream);
    let asks = 0;
    // After a hand-off the turn goes on in another stream, which has not said anything yet.
    if ((open.size > 0 || state === 'handoff') && !signal.aborted)
      timer = setInterval(() => {
        if (askInTime()) asks += 1;
        if (asks === ASKS_PER_TURN) rest();
      }, LOOK_EVERY_MS);
  };
}
