import { isItemEvent, isObject } from '../../../wire/index.ts';
import type { Session } from '../session/session.ts';
import type { Processor } from './processor.ts';

// Of these a healthy site causes none at all.
const TELLING: ReadonlySet<string> = new Set([
  'bad_frame',
  'bad_json',
  'no_document',
  'unknown_encoding',
  'unknown_op',
]);

/** Counts what was refused and what no adapter knows. */
export function createDiagnosticsProcessor(session: Session): Processor {
  const noticeType = (value: unknown): void => {
    if (isObject(value) && typeof value['type'] === 'string') session.drift.sighted('side-band', value['type']);
  };

  return {
    id: 'diagnostics',
    kinds: ['problem', 'unknown', 'sideband'],
    process: ({ event }) => {
      if (event.kind === 'sideband') {
        if (isItemEvent(event.type)) session.drift.sighted('item-event', event.type);
      } else if (event.kind === 'problem') {
        session.countProblem(event.problem);
        if (TELLING.has(event.problem)) session.drift.refused(session.turns.find(event.stream));
      } else if (event.kind === 'unknown') {
        noticeType(event.value);
        const turn = session.turns.find(event.stream);
        if (event.stream !== null && !turn) session.drift.unknownOnTopic(event.stream, event.value);
        else session.drift.unknown(turn, event.value);
      }
    },
  };
}
