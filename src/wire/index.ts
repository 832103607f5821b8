// One adapter per wire format: frames in, wire events out; with an SSE parser.
import type { WireAdapter } from './adapter.ts';
import { deltaV1 } from './delta-v1/index.ts';
import { historyDocument } from './history-document/index.ts';
import { legacy } from './legacy/index.ts';
import { pubsub2024 } from './pubsub-2024/index.ts';
import { seedFrames } from './seed-frames/index.ts';
import { socket2026 } from './socket-2026/index.ts';

/**
 * The adapters of live traffic, for the contract that all of them pass; their order means nothing. Archives are read by
 * `exportArchive`, where they are opened.
 * @internal
 */
export const LIVE_ADAPTERS: readonly WireAdapter[] = [
  deltaV1,
  legacy,
  socket2026,
  pubsub2024,
  seedFrames,
  historyDocument,
];

export type { AdapterId, ArchiveMember, DecoderContext, WireAdapter, WireDecoder, WireFrame } from './adapter.ts';
export { dropOldest } from './drop-oldest.ts';
export { exportArchive, unpackExport } from './export-archive/index.ts';
export { createEventStream, type Continued, type EventStream } from './event-stream/event-stream.ts';
export { historyDocument } from './history-document/index.ts';
export { isItemEvent } from './item-events/items.ts';
export { isObject, listOf, textOrNull, type JsonObject } from './json.ts';
export { WIRE_LIMITS, type WireLimits } from './limits.ts';
export {
  callCode,
  isKnownContent,
  isPythonCall,
  isPythonTool,
  messageKey,
  pythonSign,
  readGrown,
  readMessage,
  readSiteResult,
  type SiteResult,
} from './message/index.ts';
export { pubsub2024 } from './pubsub-2024/index.ts';
export { redact, shapeOf } from './redact/index.ts';
export { seedFrames } from './seed-frames/index.ts';
export { socket2026 } from './socket-2026/index.ts';
export type { WireEvent, WireNotice, WireProblem } from './wire-event.ts';
