import { LIMITS } from '../../../contracts/limits.ts';
import { MEDIA_TYPE } from '../../../contracts/media-type.ts';
import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';

export type DisplayEvent = Extract<WorkerEvent, { readonly kind: 'display' }>;

export interface FittedDisplay {
  readonly data: Readonly<Record<string, string>>;
  /** A sentence for each part that was left out. */
  readonly notices: readonly string[];
}

const megabytes = (units: number): string => `${String(Math.ceil(units / 1_048_576))} MB`;

/**
 * A rich output without what the host would not take: parts under a name that is no media type, and the longest ones while
 * all together are longer than `displayBytes`. The host would drop the whole, as it does with what somebody forged.
 */
export function fitDisplay(data: Readonly<Record<string, string>>): FittedDisplay {
  const most = LIMITS.displayBytes.standard;
  const notices: string[] = [];
  const parts = Object.entries(data).filter(([mime]) => {
    const isKnown = mime.length <= 200 && MEDIA_TYPE.test(mime);
    if (!isKnown) notices.push(`An output is not shown: ${JSON.stringify(mime.slice(0, 50))} is no media type.`);
    return isKnown;
  });
  parts.sort(([, a], [, b]) => a.length - b.length);
  let units = parts.reduce((sum, [, text]) => sum + text.length, 0);
  while (units > most) {
    const [mime, text] = parts.pop() ?? ['', ''];
    units -= text.length;
    notices.push(
      `An output (${mime}, ${megabytes(text.length)}) is not shown: a card takes ${megabytes(most)} at most. Make it smaller, or write it to a file.`,
    );
  }
  return { data: notices.length === 0 ? data : Object.fromEntries(parts), notices };
}

/** Sends a rich output as far as the host takes it, after a notice for each part that is left out. */
export function sendDisplay(send: (event: WorkerEvent) => void, event: DisplayEvent): void {
  const { data, notices } = fitDisplay(event.data);
  for (const text of notices) send({ kind: 'notice', text });
  if (event.table !== null || Object.keys(data).length > 0) send({ ...event, data });
}
