// Delta v1: one document a message, built by small operations (docs/wire.md, section 4).
import type { WireAdapter } from '../adapter.ts';
import { createDeltaDecoder, type DeltaDecoder } from './decode.ts';
import { recogniseDelta } from './recognise.ts';

export const deltaV1: WireAdapter<DeltaDecoder> = {
  id: 'delta-v1',
  recognise: recogniseDelta,
  createDecoder: createDeltaDecoder,
};
export type { DeltaDecoder } from './decode.ts';
