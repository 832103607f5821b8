// The socket of 2024: response bodies in base64 pieces (docs/wire.md, Z1). Historic.
import type { WireAdapter } from '../adapter.ts';
import { createGroupDecoder, recogniseGroupMessage } from './decode.ts';

export const pubsub2024: WireAdapter = {
  id: 'pubsub-2024',
  recognise: recogniseGroupMessage,
  createDecoder: createGroupDecoder,
};
