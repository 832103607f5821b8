// The archive that the site sends on request: lists of conversation trees (docs/wire.md, J4).
import { reportProblem, type DecoderContext, type WireAdapter, type WireDecoder } from '../adapter.ts';
import { isObject, type JsonObject } from '../json.ts';
import { decodeDocument } from '../history-document/index.ts';
import { isConversationsFile } from './unpack.ts';

export const exportArchive: WireAdapter = {
  id: 'export-archive',
  recognise: (frame) => frame.kind === 'archive',
  createDecoder: createExportDecoder,
};
export { unpackExport } from './unpack.ts';

function createExportDecoder(context: DecoderContext): WireDecoder {
  return {
    decode: (frame) => {
      if (frame.kind !== 'archive') return;
      const members = [...frame.members].filter(({ name }) => isConversationsFile(name));
      members.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
      if (members.length === 0) reportProblem(context, 'no_conversations_file');
      let messageCount = 0;
      let hasCalls = false;
      const watched: DecoderContext = {
        ...context,
        emit: (event) => {
          if (event.kind === 'message-changed') {
            messageCount += 1;
            hasCalls ||= mayHoldCalls(event.message);
          }
          context.emit(event);
        },
      };
      for (const { text } of members) decodeMember(watched, text);
      if (messageCount > 0 && !hasCalls) context.emit({ kind: 'notice', notice: 'export_without_calls' });
    },
  };
}

/** rule J5: exports that leave out calls leave out all that tells a call as well. */
function mayHoldCalls(message: JsonObject): boolean {
  const { author, recipient } = message as { author?: unknown; recipient?: unknown };
  return recipient !== undefined || (isObject(author) && author['role'] === 'tool');
}

function decodeMember(context: DecoderContext, text: string): void {
  let list: unknown;
  try {
    list = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // Counted; the other members are read all the same.
    reportProblem(context, 'bad_json');
    return;
  }
  if (!Array.isArray(list)) {
    reportProblem(context, 'bad_document');
    return;
  }
  for (const conversation of list as unknown[]) decodeDocument(context, conversation, null);
}
