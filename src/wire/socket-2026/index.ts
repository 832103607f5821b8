// The page's socket of 2026: topics whose items are event-stream text (docs/wire.md, section 9).
import type { WireAdapter } from '../adapter.ts';
import { createSocketDecoder, type SocketDecoder } from './decode.ts';
import { recogniseSocketEnvelope } from './recognise.ts';

export const socket2026: WireAdapter<SocketDecoder> = {
  id: 'socket-2026',
  recognise: recogniseSocketEnvelope,
  createDecoder: createSocketDecoder,
};
