import * as v from 'valibot';
import { textWithin } from '../contracts/bounded.ts';
import { codeSchema } from '../contracts/doors/code-schema.ts';
import { RUNS_ANSWERS, RUNS_ITEM } from '../contracts/doors/runs-answers.ts';
import { oneOfKinds } from '../contracts/kinds.ts';
import type { DoorChecks, ServerMessage } from './door-protocol.ts';
import { isFrame } from './frame-check.ts';

const id = textWithin(1, 64);
const error = v.strictObject({ code: codeSchema, detail: v.optional(v.string()) });

const serverMessageSchema: v.GenericSchema<unknown, ServerMessage> = oneOfKinds('kind', {
  hello: { version: v.number(), hostId: id },
  answer: { id, value: v.unknown() },
  refusal: { id, error },
  items: { id, batch: v.number(), items: v.array(v.unknown()) },
  done: { id },
  lost: { id, error },
  pong: { n: v.number() },
});

type Answers = Readonly<Record<string, v.GenericSchema | undefined>>;

/** Checks all that comes through a door: its frames, its messages, and the answers by their methods. */
export function checksOf(answers: Answers, item?: v.GenericSchema): DoorChecks {
  return {
    isFrame,
    isMessage: (raw) => v.is(serverMessageSchema, raw),
    isAnswer(method, value) {
      const schema = method === null ? item : answers[method];
      return schema !== undefined && v.is(schema, value);
    },
  };
}

/** For the runs door. The content script goes without: its one other end is our own host (decision 0035). */
export const runsChecks = (): DoorChecks => checksOf(RUNS_ANSWERS, RUNS_ITEM);
