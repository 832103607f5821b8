import * as v from 'valibot';
import { textWithin } from '../contracts/bounded.ts';
import { codeSchema } from '../contracts/doors/runs-schema.ts';
import { oneOfKinds } from '../contracts/kinds.ts';

/** Raised when the two ends of a door could no longer understand each other; both are of one package, so only a reload mixes them. */
export const DOOR_VERSION = 1;

const id = textWithin(1, 64);
const errorSchema = v.strictObject({ code: codeSchema, detail: v.optional(v.string()) });

/** What the served side sends. */
export const serverMessageSchema = oneOfKinds('kind', {
  hello: { version: v.number(), hostId: id },
  answer: { id, value: v.unknown() },
  refusal: { id, error: errorSchema },
  items: { id, batch: v.number(), items: v.array(v.unknown()) },
  /** Nothing follows the items that were sent. */
  done: { id },
  lost: { id, error: errorSchema },
  pong: { n: v.number() },
});

export type ServerMessage = v.InferOutput<typeof serverMessageSchema>;
