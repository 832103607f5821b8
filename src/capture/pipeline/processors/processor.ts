import type { WireEvent } from '../../../wire/index.ts';
import type { MessageEntry } from '../session/message-store.ts';

/** One wire event on its way through the processors. */
export interface Work {
  readonly event: WireEvent;
  /** Set by the conversation processor once the message is stored. */
  entry: MessageEntry | null;
  /** Set with it: the others have seen the message with a shorter text, and nothing else of it is new. */
  hasOnlyGrown: boolean;
}

/** Does what one kind of content asks for. */
export interface Processor {
  readonly id: 'conversation' | 'python' | 'shell' | 'ide' | 'artifact' | 'diagnostics';
  /** The kinds of wire event that it is asked about. */
  readonly kinds: readonly WireEvent['kind'][];
  process(work: Work): void;
}
