import * as v from 'valibot';
import { countSchema as count, numberWithin, textWithin } from '../bounded.ts';
import type { TerminalId } from '../ids.ts';
import { oneOfKinds } from '../kinds.ts';
import { LIMITS } from '../limits.ts';
import type { NumberedTerminalEvent } from '../terminal.ts';
import type { DoorAnswers, DoorPolicy, DoorRequests } from './door.ts';
import { alertsSchema } from './meter-schema.ts';
import { sessionIdSchema } from './runs-schema.ts';
import type { StreamPolicy } from './stream.ts';
import type { TerminalsDoor } from './terminals.ts';

/** The site's content script has no business here. */
const OWN_PAGES = { callers: ['extension'], deadlineMs: 30_000, whenAway: 'start' } as const;
const ONLY_IF_THERE = { ...OWN_PAGES, whenAway: 'fail' } as const;

export const TERMINALS_POLICY: DoorPolicy<TerminalsDoor> = {
  list: OWN_PAGES,
  // A machine is restored, perhaps twice.
  open: { ...OWN_PAGES, deadlineMs: 90_000 },
  attach: OWN_PAGES,
  write: ONLY_IF_THERE,
  resize: ONLY_IF_THERE,
  drawn: ONLY_IF_THERE,
  alerts: ONLY_IF_THERE,
  close: ONLY_IF_THERE,
};

const terminalId = v.custom<TerminalId>((value) => typeof value === 'string' && value.length > 0 && value.length <= 64);
const viewId = textWithin(1, 64);
const size = {
  columns: v.pipe(numberWithin(1, LIMITS.terminalColumns.standard), v.integer()),
  rows: v.pipe(numberWithin(1, LIMITS.terminalRows.standard), v.integer()),
};

/** What each method takes; checked where the door is served. */
export const TERMINALS_REQUESTS: DoorRequests<TerminalsDoor> = {
  list: v.strictObject({ sessionId: sessionIdSchema }),
  open: v.strictObject({ sessionId: sessionIdSchema, ...size }),
  attach: v.strictObject({ terminalId, viewId, ...size }),
  write: v.strictObject({ terminalId, text: textWithin(0, LIMITS.terminalInputUtf16.standard) }),
  resize: v.strictObject({ terminalId, ...size }),
  drawn: v.strictObject({ terminalId, viewId, upTo: count }),
  alerts: v.strictObject({ sessionId: sessionIdSchema }),
  close: v.strictObject({ terminalId }),
};

export interface TerminalWatch {
  readonly terminalId: TerminalId;
  readonly viewId: string;
  readonly after: number;
}

/** What happens in a terminal; watched from a number on. */
export const TERMINALS_STREAM: StreamPolicy<TerminalWatch> = {
  callers: ['extension'],
  request: v.strictObject({ terminalId, viewId, after: count }),
};

const end = oneOfKinds('kind', {
  exited: { code: v.number() },
  signalled: { signal: v.number() },
  failed: { detail: v.string() },
  lost: {},
});

const summary = v.strictObject({ terminalId, number: count, end: v.nullable(end) });

/** What the host answers. */
export const TERMINALS_ANSWERS: DoorAnswers<TerminalsDoor> = {
  list: v.array(summary),
  open: summary,
  attach: v.strictObject({ screen: v.string(), after: count, notice: v.nullable(v.string()), end: v.nullable(end) }),
  write: v.null(),
  resize: v.null(),
  drawn: v.null(),
  alerts: alertsSchema,
  close: v.null(),
};

export const TERMINALS_ITEM: v.GenericSchema<unknown, NumberedTerminalEvent> = v.strictObject({
  n: numberWithin(1, Number.MAX_VALUE),
  event: oneOfKinds('kind', { output: { text: v.string() }, ended: { end } }),
});
