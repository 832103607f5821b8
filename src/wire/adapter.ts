import type { WireEvent, WireProblem } from './wire-event.ts';
import type { WireLimits } from './limits.ts';

/** One unit of a wire format, already out of its transport's framing. */
export type WireFrame =
  | { readonly kind: 'sse'; readonly name: string; readonly value: unknown; readonly sizeUtf16: number }
  | { readonly kind: 'socket'; readonly socket: number; readonly direction: 'in' | 'out'; readonly value: unknown }
  | { readonly kind: 'document'; readonly value: unknown; readonly conversationId: string | null }
  | { readonly kind: 'archive'; readonly members: Iterable<ArchiveMember> };

export interface ArchiveMember {
  readonly name: string;
  readonly text: string;
}

export interface DecoderContext {
  /** Names the stream in the events; null where there is none. */
  readonly stream: string | null;
  readonly limits: WireLimits;
  readonly emit: (event: WireEvent) => void;
  /** Milliseconds of any steady clock; only time-outs of fragments ask for it. */
  readonly now: () => number;
}

export interface WireDecoder {
  /** Takes a frame that its adapter recognises. Never throws on what it holds. */
  decode(frame: WireFrame): void;
}

/** A decoder of messages that live as documents over many frames of one stream. */
export interface WireAdapter<Decoder extends WireDecoder = WireDecoder> {
  readonly id: AdapterId;
  /** Cheap and exact: of all adapters at most one recognises a frame. */
  recognise(frame: WireFrame): boolean;
  createDecoder(context: DecoderContext): Decoder;
}

export type AdapterId =
  | 'delta-v1'
  | 'legacy'
  | 'socket-2026'
  | 'pubsub-2024'
  | 'seed-frames'
  | 'history-document'
  | 'export-archive';

export function reportProblem(context: DecoderContext, problem: WireProblem): void {
  context.emit({ kind: 'problem', problem, stream: context.stream });
}
