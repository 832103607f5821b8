import { z } from '../base/index.ts';
import { codeSchema } from '../contracts/doors/runs-schema.ts';

/** Raised when the two ends of a door could no longer understand each other; both are of one package, so only a reload mixes them. */
export const DOOR_VERSION = 1;

const id = z.string().check(z.minLength(1), z.maxLength(64));
const errorSchema = z.strictObject({ code: codeSchema, detail: z.optional(z.string()) });

/** What a client sends. Ids are unique within a client for ever, so that a repeated request is answered, not done, again. */
export const clientMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), door: z.string(), version: z.number(), clientId: id }),
  z.strictObject({ kind: z.literal('request'), id, method: z.string(), body: z.unknown() }),
  z.strictObject({ kind: z.literal('cancel'), id }),
  z.strictObject({ kind: z.literal('watch'), id, body: z.unknown() }),
  z.strictObject({ kind: z.literal('unwatch'), id }),
  /** The client has handled the stream's items up to this batch. */
  z.strictObject({ kind: z.literal('seen'), id, batch: z.number() }),
  z.strictObject({ kind: z.literal('ping'), n: z.number() }),
]);

export const serverMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello'), version: z.number(), hostId: id }),
  z.strictObject({ kind: z.literal('answer'), id, value: z.unknown() }),
  z.strictObject({ kind: z.literal('refusal'), id, error: errorSchema }),
  z.strictObject({ kind: z.literal('items'), id, batch: z.number(), items: z.array(z.unknown()) }),
  /** Nothing follows the items that were sent. */
  z.strictObject({ kind: z.literal('done'), id }),
  z.strictObject({ kind: z.literal('lost'), id, error: errorSchema }),
  z.strictObject({ kind: z.literal('pong'), n: z.number() }),
]);

export type ClientMessage = z.output<typeof clientMessageSchema>;
export type ServerMessage = z.output<typeof serverMessageSchema>;
