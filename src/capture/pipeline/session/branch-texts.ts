import type { CapturedMessage } from '../../../contracts/capture.ts';

/** What a message of the assistant says to the person. */
export interface BranchText {
  readonly text: string;
  readonly isFinished: boolean;
}

const MOST_UTF16 = 16 * 1024 * 1024;
const MOST_TEXTS = 5_000;

export type BranchTexts = ReturnType<typeof createBranchTexts>;

/**
 * The texts of answers on branches of a stored conversation that are not the current one, by message id: of edited turns and
 * of other answers to one. The page may show them at a press of an arrow, and asks for nothing then. What came in first goes
 * first beyond `mostUtf16` units of text in all.
 */
export function createBranchTexts(mostUtf16 = MOST_UTF16) {
  const texts = new Map<string, BranchText>();
  let sizeUtf16 = 0;

  const drop = (messageId: string): void => {
    sizeUtf16 -= texts.get(messageId)?.text.length ?? 0;
    texts.delete(messageId);
  };

  return {
    take({ messageId, role, recipient, text, status }: CapturedMessage): void {
      // Nobody asks for others, and what a tool is sent is no Markdown.
      if (role !== 'assistant' || (recipient ?? 'all') !== 'all' || text === '' || text.length > mostUtf16) return;
      drop(messageId);
      texts.set(messageId, { text, isFinished: status !== 'in_progress' });
      sizeUtf16 += text.length;
      while (sizeUtf16 > mostUtf16 || texts.size > MOST_TEXTS) {
        const [oldest] = texts.keys();
        if (oldest === undefined) return;
        drop(oldest);
      }
    },
    find: (messageId: string): BranchText | null => texts.get(messageId) ?? null,
  };
}
