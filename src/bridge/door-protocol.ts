import * as v from 'valibot';
import { codeSchema } from '../contracts/doors/runs-schema.ts';

/** Raised when the two ends of a door could no longer understand each other; both are of one package, so only a reload mixes them. */
export const DOOR_VERSION = 1;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const errorSchema = v.strictObject({ code: codeSchema, detail: v.optional(v.string()) });

/** What a client sends. Ids are unique within a client for ever, so that a repeated request is answered, not done, again. */
export const clientMessageSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('open'), door: v.string(), version: v.number(), clientId: id }),
  v.strictObject({ kind: v.literal('request'), id, method: v.string(), body: v.unknown() }),
  v.strictObject({ kind: v.literal('cancel'), id }),
  v.strictObject({ kind: v.literal('watch'), id, body: v.unknown() }),
  v.strictObject({ kind: v.literal('unwatch'), id }),
  /** The client has handled the stream's items up to this batch. */
  v.strictObject({ kind: v.literal('seen'), id, batch: v.number() }),
  v.strictObject({ kind: v.literal('ping'), n: v.number() }),
]);

export const serverMessageSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('hello'), version: v.number(), hostId: id }),
  v.strictObject({ kind: v.literal('answer'), id, value: v.unknown() }),
  v.strictObject({ kind: v.literal('refusal'), id, error: errorSchema }),
  v.strictObject({ kind: v.literal('items'), id, batch: v.number(), items: v.array(v.unknown()) }),
  /** Nothing follows the items that were sent. */
  v.strictObject({ kind: v.literal('done'), id }),
  v.strictObject({ kind: v.literal('lost'), id, error: errorSchema }),
  v.strictObject({ kind: v.literal('pong'), n: v.number() }),
]);

export type ClientMessage = v.InferOutput<typeof clientMessageSchema>;
export type ServerMessage = v.InferOutput<typeof serverMessageSchema>;
