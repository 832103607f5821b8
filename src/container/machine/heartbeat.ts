export interface HeartbeatOptions {
  /** Asks the guest for a sign of life. */
  readonly ping: () => void;
  /** When the guest was last heard, on `performance.now`'s clock. */
  readonly lastHeardAt: () => number;
  /** While true nothing is asked and nothing counted: the guest does long work that it was told to do, or stands. */
  readonly isPaused: () => boolean;
  readonly onSilence: (silentMs: number) => void;
  readonly signal: AbortSignal;
  readonly everyMs: number;
  /** Silence of this length, counted while this thread had its turns, is a hang. */
  readonly hangMs: number;
}

/**
 * Watches that the guest says something. Silence is counted in turns of the timer, none longer than twice its interval:
 * a thread that stood still (a laptop that slept, a page in the background) says nothing about the guest.
 */
export function startHeartbeat(options: HeartbeatOptions): void {
  let silentMs = 0;
  let lastTurnAt = performance.now();
  let heardAt = options.lastHeardAt();
  const timer = setInterval(() => {
    const now = performance.now();
    const turnMs = Math.min(now - lastTurnAt, 2 * options.everyMs);
    lastTurnAt = now;
    if (options.isPaused() || options.lastHeardAt() !== heardAt) {
      heardAt = options.lastHeardAt();
      silentMs = 0;
    } else {
      silentMs += turnMs;
    }
    if (options.isPaused()) return;
    if (silentMs >= options.hangMs) {
      const silence = silentMs;
      silentMs = 0;
      options.onSilence(silence);
    } else {
      options.ping();
    }
  }, options.everyMs);
  options.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
