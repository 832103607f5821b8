import type { PageBehaviour } from '../options.ts';
import type { Exchange } from './conversation-view.ts';
import type { Strings } from './strings.ts';

export interface RendererOptions {
  readonly words: Strings;
  readonly behaviour: PageBehaviour;
  /** The person's message was rewritten: a new branch begins in its place. */
  readonly onEdit: (questionId: string, text: string) => void;
  readonly onRegenerate: (questionId: string) => void;
  /** Asks for the page of history before the first exchange. */
  readonly onOlder: () => void;
}

/** Draws the conversation on screen in one of the two designs. */
export interface ConversationRenderer {
  /** The scroll area. */
  readonly node: HTMLElement;
  render(exchanges: readonly Exchange[], isRunning: boolean, hasOlder: boolean): void;
  /** Replaces the subtree of the last turn once. */
  turnEnded(): void;
  reset(): void;
  scrollToEnd(): void;
}
