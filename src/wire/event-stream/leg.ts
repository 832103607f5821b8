import type { SseEvent } from '../sse/sse-reader.ts';

/** How one body of a turn ended. */
export interface LegEnd {
  /** Events that came with their closing blank line. */
  readonly wholeEvents: number;
  /** The event that the body ended in. */
  readonly unfinished: Pick<SseEvent, 'name' | 'text'> | null;
  /** That event was read all the same, for its data was whole (S10). */
  readonly wasRead: boolean;
  /** It brought items: events without a name may be about them. */
  readonly hasItems: boolean;
}

/** `repeats`: the next body begins with the unfinished event that was read already. */
export type Fit = 'whole' | 'repeats' | 'doubtful';

/** An offset as a count of this leg alone: the page may go on counting from resume to resume (rule H4). */
export function withoutEarlier(offset: unknown, before: number, wholeEvents: number): unknown {
  return typeof offset === 'number' && offset >= before + wholeEvents ? offset - before : offset;
}

/** Whether a body that was asked for from `offset` on goes on where this one ended: the site counts whole events (rule H4). */
export function fitOf(offset: unknown, { wholeEvents, unfinished, wasRead, hasItems }: LegEnd): Fit {
  if (offset === wholeEvents) return unfinished && wasRead ? 'repeats' : 'whole';
  // What was read is sent again.
  if (typeof offset === 'number' && offset < wholeEvents) return 'doubtful';
  if (unfinished === null || (wasRead && offset === wholeEvents + 1)) return 'whole';
  return wasRead || hasItems || unfinished.name === 'delta' ? 'doubtful' : 'whole';
}
