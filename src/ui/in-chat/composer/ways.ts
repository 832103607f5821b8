import { bareLength, formattedCount, hasMarkdown, literalLength, literalMarkup, readsMarkdown } from './literal.ts';
import { pageRealm } from './page-realm.ts';
import { PIECE_UTF16 } from './pieces.ts';

/** What an editor has before a piece is put in. */
export interface Before {
  readonly literal: number;
  readonly formatted: number;
}

export const lookBefore = (editor: Element): Before => ({
  literal: literalLength(editor),
  formatted: formattedCount(editor),
});

/** One way of putting text into the page's editor. */
export interface Way {
  /** Longer texts go in by pieces: the page makes a file of a long paste. */
  readonly mostUtf16: number;
  put(editor: HTMLElement, piece: string): void;
  /** Whether a text that is to be read back there says the same when it is sent. */
  keeps(editor: Element, before: Before, piece: string): boolean;
  /** Whether it is worth a try with this text. */
  mayTake(text: string): boolean;
}

function paste(editor: HTMLElement, piece: string): void {
  try {
    const realm = pageRealm();
    const transfer = realm.transfer();
    transfer.setData('text/plain', piece);
    editor.dispatchEvent(realm.pasteEvent(transfer));
  } catch {
    // A browser that gives scripts no clipboard events: the reading back notices, and another way takes over.
  }
}

const isUnformatted = (editor: Element, before: Before): boolean => formattedCount(editor) <= before.formatted;

/** Best first: a paste is kept as it is. The commands are deprecated and have no successor (docs/site.md, K4 and K5). */
export const WAYS: readonly Way[] = [
  { mostUtf16: PIECE_UTF16, put: paste, keeps: isUnformatted, mayTake: () => true },
  {
    // At once: what comes behind a text that is marked is put beside it, without the mark.
    mostUtf16: Number.POSITIVE_INFINITY,
    put: (editor, piece) =>
      void editor.ownerDocument.execCommand('insertHTML', false, literalMarkup(editor.ownerDocument, piece)),
    // An editor that knows no such mark drops it, and has plain text; one that reads Markdown must have kept it.
    keeps: (editor, before, piece) =>
      isUnformatted(editor, before) &&
      (!readsMarkdown(editor) || !hasMarkdown(piece) || literalLength(editor) - before.literal >= bareLength(piece)),
    mayTake: () => true,
  },
  {
    mostUtf16: PIECE_UTF16,
    put: (editor, piece) => void editor.ownerDocument.execCommand('insertText', false, piece),
    keeps: isUnformatted,
    // What would be escaped as it is sent does not show before.
    mayTake: (text) => !hasMarkdown(text),
  },
];
