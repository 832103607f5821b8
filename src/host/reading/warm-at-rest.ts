import type { ParsedLanguage } from '../../contracts/analysis.ts';
import type { CodeReading } from './code-reading.ts';

/** How long nothing may have run: an engine that starts ahead of need goes first. */
const REST_MS = 3_000;
/** What chats are full of first. */
const LANGUAGES: readonly ParsedLanguage[] = ['python', 'javascript', 'typescript', 'lua', 'shell'];

interface Rest {
  /** Calls `act` once nothing began or ended for so long. */
  after(quietMs: number, act: () => void): void;
}

/** Gets the reading of one language after the other ready while nobody runs anything. What fails is left to whoever reads first. */
export function warmAtRest(reading: Pick<CodeReading, 'warm'>, rest: Rest, signal: AbortSignal): void {
  const left = [...LANGUAGES];
  const next = (): void => {
    const language = left.shift();
    if (language === undefined || signal.aborted) return;
    reading.warm(language).then(wait, () => undefined);
  };
  const wait = (): void => rest.after(REST_MS, next);
  wait();
}
