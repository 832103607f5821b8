import type { Envelope } from '../../interception/envelope.ts';

/** Which of the site's addresses a body belongs to (rule X1); null for all that is not read. */
export type Route = 'turn' | 'resume' | 'conversation' | 'conversation-list';

/** What travels through the stages: one envelope, and what was found out about it. */
export interface PipelineFrame {
  readonly envelope: Envelope;
  readonly receivedAtMs: number;
  /** Bytes or characters. */
  readonly size: number;
  /** Set by type detection, for `open` only. */
  route: Route | null;
  /** The conversation that the address names, if any. */
  conversationInAddress: string | null;
}

/** Bytes or characters that an envelope brings. */
export function sizeOf(envelope: Envelope): number {
  if (envelope.kind === 'chunk') return envelope.bytes.byteLength;
  if (envelope.kind === 'socket')
    return typeof envelope.data === 'string' ? envelope.data.length : envelope.data.byteLength;
  return 0;
}
