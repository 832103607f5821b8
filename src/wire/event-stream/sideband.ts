import type { DecoderContext, WireFrame } from '../adapter.ts';
import { emitWhole } from '../emit-message.ts';
import { isObject, listOf, owns, textOrNull, type JsonObject } from '../json.ts';

/** Types that are known and say nothing that is kept. */
export const QUIET_TYPES: ReadonlySet<string> = new Set([
  'ads',
  'beacon_ui_response',
  'content_references_patch',
  'conversation_async_status',
  'conversation_detail_metadata',
  'display_crisis_helpline_message',
  'display_crisis_helpline_modal',
  'gizmo_inline_review',
  'instant_answer_debug',
  'main_stream_complete',
  'message_marker',
  'moderation',
  'num_variants_in_stream',
  'perf_stats',
  'resume_conversation_token',
  'safety_review_update',
  'server_ste_metadata',
  'stream_quota_check',
  'survey_campaign_effect',
  'system_hint_suggestion',
  'toast',
  'url_moderation',
  'writing_blocks_metadata_patch',
]);

/** Rule S6: an object with a string type, unless it is a delta frame under its own event name. */
export function recogniseSideband(frame: WireFrame): boolean {
  if (frame.kind !== 'sse' || !isObject(frame.value) || typeof frame.value['type'] !== 'string') return false;
  if (frame.name === '' || frame.name === 'message') return true;
  return frame.name === 'delta' && !owns(frame.value, 'v') && !owns(frame.value, 'o');
}

/** The topics that a hand-off announces (rule H2). */
export function handoffTopics(value: JsonObject): readonly string[] {
  const named = listOf(value['options']).map((option) => (isObject(option) ? option['topic_id'] : null));
  const turn = textOrNull(value['turn_exchange_id']);
  if (turn !== null) named.push(`conversation-turn-${turn}`);
  return named.filter((topic): topic is string => typeof topic === 'string' && topic !== '');
}

/** An echo of what was sent: recorded, never run (C6). */
export function emitEcho(context: DecoderContext, message: unknown, conversationId: string | null): void {
  emitWhole(context, message, { stream: context.stream, conversationId, isLive: false, parentId: null });
}
