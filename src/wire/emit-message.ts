import { reportProblem, type DecoderContext } from './adapter.ts';
import { hasForbiddenKey, isObject } from './json.ts';
import type { WireEvent } from './wire-event.ts';

type About = Pick<Extract<WireEvent, { kind: 'message-changed' }>, 'stream' | 'conversationId' | 'isLive' | 'parentId'>;

/** Tells a message that came in one piece, if it is one; forbidden keys in it are reported instead. */
export function emitWhole(context: DecoderContext, message: unknown, about: About): void {
  if (!isObject(message)) return;
  if (hasForbiddenKey(message, context.limits.nesting)) reportProblem(context, 'forbidden_path');
  else context.emit({ kind: 'message-changed', message, isWhole: true, hasOnlyGrown: false, ...about });
}
