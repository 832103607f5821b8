import flru from 'flru';
import type { CapturedMessage } from '../../../contracts/capture.ts';

export interface MessageTexts {
  /** An answer that is being written comes with each piece of it: it is kept unread, for reading costs as much as it is long. */
  take(message: Pick<CapturedMessage, 'messageId' | 'role' | 'status' | 'text'>): void;
  /** The text of an answer with code in it, as far as it is known; null where there is none. */
  textOf(messageId: string): string | null;
}

/** Answers with code of which the text is kept; the page asks again for what it shows later. */
const MOST_TEXTS = 100;
/** Answers that are written at a time, in several tabs of a project or after a stop. */
const MOST_WRITTEN = 8;
const MOST_TEXT_UTF16 = 512 * 1024;

const hasCode = (text: string): boolean => /```|~~~/u.test(text);

/** The texts of answers with code in them: of a long block the page draws a part only. */
export function createMessageTexts(): MessageTexts {
  const texts = flru<string>(MOST_TEXTS);
  const written = flru<string>(MOST_WRITTEN);
  return {
    take({ messageId, role, status, text }) {
      if (role !== 'assistant' || text.length > MOST_TEXT_UTF16) return;
      if (status === 'in_progress') written.set(messageId, text);
      else if (hasCode(text)) texts.set(messageId, text);
    },
    textOf(messageId) {
      const whole = texts.get(messageId);
      if (whole !== undefined) return whole;
      const soFar = written.get(messageId);
      return soFar !== undefined && hasCode(soFar) ? soFar : null;
    },
  };
}
