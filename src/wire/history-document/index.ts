// Conversations as the site stores them, as a tree or in pages (docs/wire.md, section 10).
import type { WireAdapter } from '../adapter.ts';
import { createDocumentDecoder, recogniseDocument } from './decode.ts';

export const historyDocument: WireAdapter = {
  id: 'history-document',
  recognise: recogniseDocument,
  createDecoder: createDocumentDecoder,
};
export { decodeDocument } from './decode.ts';
