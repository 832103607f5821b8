import * as v from 'valibot';
import { textWithin } from '../contracts/bounded.ts';
import { oneOfKinds } from '../contracts/kinds.ts';

const id = textWithin(1, 64);

/** What a client sends. Ids are unique within a client for ever, so that a repeated request is answered, not done, again. */
export const clientMessageSchema = oneOfKinds('kind', {
  open: { door: v.string(), version: v.number(), clientId: id },
  /** Where it `isWatched`, its answer is the body of a stream of the same id, from the first item on. */
  request: { id, method: v.string(), body: v.unknown(), isWatched: v.exactOptional(v.boolean()) },
  cancel: { id },
  watch: { id, body: v.unknown() },
  unwatch: { id },
  /** The client has handled the stream's items up to this batch. */
  seen: { id, batch: v.number() },
  ping: { n: v.number() },
});

export type ClientMessage = v.InferOutput<typeof clientMessageSchema>;
