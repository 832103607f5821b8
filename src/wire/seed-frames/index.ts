// Frames that early drafts of the product assume; other hosts and tests send them (docs/wire.md, section 11).
import type { WireAdapter } from '../adapter.ts';
import { createSeedDecoder, recogniseSeedFrame } from './decode.ts';

export const seedFrames: WireAdapter = {
  id: 'seed-frames',
  recognise: recogniseSeedFrame,
  createDecoder: createSeedDecoder,
};
