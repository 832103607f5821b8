import { reportProblem, type DecoderContext } from '../adapter.ts';
import { emitWhole } from '../emit-message.ts';
import { idOrNull, isObject, listOf, type JsonObject } from '../json.ts';

/** Rule W8: what changed in a conversation outside a turn. Recorded, never run. `holder` is it, or holds it in its payload. */
export function decodeUpdate(context: DecoderContext, holder: JsonObject): void {
  const update = updateIn(holder);
  if (!update) {
    reportProblem(context, 'bad_frame');
    return;
  }
  context.emit({ kind: 'sideband', stream: null, type: 'conversation-update' });
  const conversationId = idOrNull(update['conversation_id']);
  const content = isObject(update['update_content']) ? update['update_content'] : {};
  if (typeof content['title'] === 'string' && conversationId !== null) {
    context.emit({ kind: 'title', conversationId, title: content['title'] });
  }
  for (const message of [...listOf(content['messages']), content['message']]) {
    emitWhole(context, message, { stream: null, conversationId, isLive: false, parentId: null });
  }
}

const MOST_WRAPPINGS = 2;

/** The innermost payload, or what says itself what changed. */
function updateIn(holder: JsonObject): JsonObject | null {
  let update = holder;
  for (let depth = 0; depth < MOST_WRAPPINGS && !isObject(update['update_content']); depth += 1) {
    const { payload } = update as { payload?: unknown };
    if (payload === undefined) break;
    if (!isObject(payload)) return null;
    update = payload;
  }
  // An envelope alone says nothing.
  return update === holder && !isObject(update['update_content']) ? null : update;
}
