import flru from 'flru';
import { type CapturedMessage, isSaidToItsEnd } from '../../../contracts/capture.ts';

/** What the wire has of an answer. */
export interface KnownText {
  readonly text: string;
  /** False while it is written, and where its stream was cut. */
  readonly isFinished: boolean;
}

export interface MessageTexts {
  /** An answer that is being written comes with each piece of it: it is kept unread, for reading costs as much as it is long. */
  take(message: Pick<CapturedMessage, 'messageId' | 'role' | 'recipient' | 'status' | 'text'>): void;
  /** The text of an answer as far as it is known; null where nothing of it is. */
  textOf(messageId: string): KnownText | null;
}

/** What the first script has of a message. */
export type OlderText = (messageId: string) => (KnownText & { readonly isAnswer: boolean }) | null;

/** Answers that are told of last; older ones are asked for. */
const MOST_TEXTS = 100;

/**
 * The texts of answers: what was told since this script began, and what the first one still has, such as of the history that
 * the page itself loaded.
 */
export function createMessageTexts(older: OlderText = () => null): MessageTexts {
  const texts = flru<KnownText>(MOST_TEXTS);
  return {
    take({ messageId, role, recipient, status, text }) {
      // A call is no Markdown.
      if (role === 'assistant' && (recipient ?? 'all') === 'all')
        texts.set(messageId, { text, isFinished: isSaidToItsEnd(status) });
    },
    textOf(messageId) {
      const told = texts.get(messageId);
      if (told !== undefined) return told;
      const before = older(messageId);
      return before?.isAnswer === true ? before : null;
    },
  };
}
