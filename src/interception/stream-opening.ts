import { startsWith, toLowerCase } from './natives.ts';
import type { RequestFacts } from './request-facts.ts';
import { carries } from './routes.ts';
import type { Sink } from './sink.ts';

/** What an answer says about itself before its body. */
export interface Answer {
  readonly transport: 'fetch' | 'xhr';
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | null;
}

let lastStream = 0;

/** Whether the body is worth reading: a success in the route's content type. Source: docs/wire.md, X1. */
export function isRead(facts: RequestFacts, answer: Answer): boolean {
  return answer.status >= 200 && answer.status <= 299 && carries(facts.route, toLowerCase(answer.contentType));
}

/** Whether anything is told of the answer: of one at an unknown address only that an event stream came. */
export function isTold(facts: RequestFacts, answer: Answer): boolean {
  return (
    facts.route !== 'unknown' ||
    (answer.status >= 200 && answer.status <= 299 && startsWith(toLowerCase(answer.contentType), 'text/event-stream'))
  );
}

/** The number of one more stream. */
export function numberStream(): number {
  lastStream += 1;
  return lastStream;
}

/** Announces a stream. */
export function openStream(
  sink: Sink,
  stream: number,
  facts: RequestFacts,
  answer: Answer,
  request: string | null,
): void {
  sink.counts.streams += 1;
  sink.emit({ kind: 'open', stream, method: facts.method, url: facts.url, ...answer, request });
}
