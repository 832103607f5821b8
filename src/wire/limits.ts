import { LIMITS } from '../contracts/limits.ts';

/** The bounds that decoders obey. Rows of `contracts/limits.ts`; tests and `tools/decode` put smaller ones in. */
export const WIRE_LIMITS = {
  eventUtf16: LIMITS.wireEventUtf16.standard,
  codeUtf16: LIMITS.codeUtf16.standard,
  frameBytes: LIMITS.wireFrameBytes.standard,
  documentBytes: LIMITS.wireDocumentBytes.standard,
  messageUtf16: LIMITS.wireMessageUtf16.standard,
  nesting: LIMITS.wireNesting.standard,
  documentsPerStream: LIMITS.wireDocumentsPerStream.standard,
  streamsOpen: LIMITS.wireStreamsOpen.standard,
  topicsKept: LIMITS.wireTopicsKept.standard,
  itemsKeptPerTopic: LIMITS.wireItemsKeptPerTopic.standard,
  fragments: LIMITS.wireFragments.standard,
  fragmentSets: LIMITS.wireFragmentSets.standard,
  fragmentWaitMs: LIMITS.wireFragmentWaitMs.standard,
  messagesKept: LIMITS.wireMessagesKept.standard,
  callKeysKept: LIMITS.wireCallKeysKept.standard,
  envelopesPerSecond: LIMITS.wireEnvelopesPerSecond.standard,
  archiveBytes: LIMITS.wireArchiveBytes.standard,
} as const;

export type WireLimits = { readonly [Name in keyof typeof WIRE_LIMITS]: number };
