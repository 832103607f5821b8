// The archive that the site sends on request: lists of conversation trees (docs/wire.md, J4).
import { reportProblem, type DecoderContext, type WireAdapter, type WireDecoder } from '../adapter.ts';
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
      for (const { text } of members) decodeMember(context, text);
    },
  };
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
