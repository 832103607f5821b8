import * as v from 'valibot';
import { countSchema as count, isCount, listWithin, textWithin } from '../contracts/bounded.ts';
import { oneOfKinds } from '../contracts/kinds.ts';
import { LIMITS } from '../contracts/limits.ts';
import type { Frame } from './message-frames.ts';

const part = textWithin(0, LIMITS.messagePartChars.standard);

const frameSchema: v.GenericSchema<unknown, Frame> = oneOfKinds('k', {
  whole: { json: part },
  open: { id: count, textUtf16: count, sizes: listWithin(LIMITS.messagesOpenAtOnce.standard, isCount) },
  part: { id: count, of: v.number(), part },
  taken: { id: count, parts: v.number() },
});

/** Whether a value is a frame as `openMessageChannel` sends them, within the bounds of one. */
export const isFrame = (raw: unknown): boolean => v.is(frameSchema, raw);
