// Legacy streams: every event is the whole message so far (docs/wire.md, section 7).
import type { WireAdapter } from '../adapter.ts';
import { createSnapshotDecoder, type SnapshotDecoder } from './decode.ts';
import { recogniseSnapshot } from './recognise.ts';

export const legacy: WireAdapter<SnapshotDecoder> = {
  id: 'legacy',
  recognise: recogniseSnapshot,
  createDecoder: createSnapshotDecoder,
};
