import { reportProblem, type DecoderContext } from '../adapter.ts';
import { emitWhole } from '../emit-message.ts';
import { idOrNull, isObject, listOf } from '../json.ts';

/** Rule W8: what changed in a conversation outside a turn. Recorded, never run. */
export function decodeUpdate(context: DecoderContext, update: unknown): void {
  if (!isObject(update)) {
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
