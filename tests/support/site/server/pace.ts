import { setTimeout as wait } from 'node:timers/promises';
import type { Speed } from '../options.ts';

/** When the parts of a turn are sent. All waits end early when the signal aborts. */
export interface Pace {
  /** Cuts text into what one token carries. */
  tokens(text: string): string[];
  token(): Promise<void>;
  /** Once a turn: the model thinks before the first token of whatever the answer begins with, a call too. */
  beforeAnswer(): Promise<void>;
  /** The site's own work, such as running a call; `delayMs` as the scene says. */
  work(delayMs: number): Promise<void>;
}

const tokenMs: Record<Speed, number> = { instant: 0, quick: 2, normal: 26, slow: 400, burst: 0, stall: 26 };

/** A fixed sequence in place of chance, so that two runs of a test see the same turn. */
function createDice(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) / 65_536;
  };
}

export function createPace(speed: Speed, stallMs: number, signal: AbortSignal): Pace {
  const dice = createDice();
  let tokenCount = 0;
  const rest = async (ms: number): Promise<void> => {
    if (ms <= 0 || signal.aborted) return;
    await wait(ms, undefined, { signal }).catch(() => {
      // The turn was stopped: whoever waits looks at the signal next.
    });
  };
  const isPaced = speed !== 'instant' && speed !== 'burst';
  return {
    tokens: (text) => (isPaced ? cutIntoTokens(text, dice) : [text]),
    async token() {
      tokenCount += 1;
      if (speed === 'stall' && tokenCount === 12) await rest(stallMs);
      await rest(tokenMs[speed] * (0.6 + dice() * 0.8));
    },
    beforeAnswer: () => rest(speed === 'normal' || speed === 'slow' ? 2000 : 0),
    work: (delayMs) => rest(speed === 'quick' ? Math.min(delayMs, 20) : isPaced ? delayMs : 0),
  };
}

/** Pieces of one to eight units; long texts get longer pieces, so that a mebibyte ends the same day. */
function cutIntoTokens(text: string, dice: () => number): string[] {
  const scale = Math.max(1, Math.ceil(text.length / 4000));
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = scale * (1 + Math.floor(dice() * 8));
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces.length === 0 ? [''] : pieces;
}
