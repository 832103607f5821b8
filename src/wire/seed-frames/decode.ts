import { reportProblem, type DecoderContext, type WireDecoder, type WireFrame } from '../adapter.ts';
import { hasForbiddenKey, isObject, textOrNull, type JsonObject } from '../json.ts';
import { createFragments } from './fragments.ts';
import { readCall, versionOf } from './versions.ts';

type SocketFrame = Extract<WireFrame, { kind: 'socket' }>;

const TOOLS = ['python', 'shell', 'ide'] as const;

/** Rule F1: either direction, known by its type. */
export function recogniseSeedFrame(frame: WireFrame): boolean {
  if (frame.kind !== 'socket' || !isObject(frame.value)) return false;
  return frame.value['type'] === 'tool_call' || frame.value['type'] === 'tool_response';
}

export function createSeedDecoder(context: DecoderContext): WireDecoder {
  const fragments = createFragments(context);

  const decodeCall = (id: string, conversationId: string | null, raw: SocketFrame, content: JsonObject): void => {
    const version = versionOf(content);
    const call = readCall(version, content);
    const tool = TOOLS.find((name) => name === call.tool);
    if (!tool) reportProblem(context, 'unknown_tool');
    else if (call.body === null || call.body.trim() === '') reportProblem(context, 'bad_frame');
    else {
      const { socket, direction } = raw;
      const { body, workingDirectory, environment } = call;
      context.emit({
        kind: 'call',
        id,
        socket,
        direction,
        version,
        conversationId,
        tool,
        body,
        workingDirectory,
        environment,
      });
    }
  };

  return {
    decode: (raw) => {
      if (raw.kind !== 'socket' || !isObject(raw.value)) return;
      const id = textOrNull(raw.value['id']);
      if (id === null || id === '') {
        reportProblem(context, 'bad_frame');
        return;
      }
      const conversationId = textOrNull(raw.value['conversation_id']);
      const frame = fragments.gather(raw.value, `${raw.direction}|${conversationId ?? ''}|${id}`);
      if (!frame) return;
      const content = frame['content'];
      if (!isObject(content) || hasForbiddenKey(content, context.limits.nesting)) {
        reportProblem(context, 'bad_frame');
      } else if (frame['type'] === 'tool_response') {
        const hasFailed = (textOrNull(content['stderr']) ?? '') !== '';
        context.emit({ kind: 'output', id, conversationId, hasFailed, text: responseText(content), content });
      } else decodeCall(id, conversationId, raw, content);
    },
  };
}

/** Rule F4: the three texts that are not empty, one below the other. */
function responseText(content: JsonObject): string {
  return [content['stdout'], content['stderr'], content['result']]
    .filter((text) => typeof text === 'string' && text !== '')
    .join('\n');
}
