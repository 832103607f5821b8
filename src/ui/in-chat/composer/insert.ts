import { fail, ok, type Result } from '../../../base/index.ts';
import { type AppError, appError } from '../../../contracts/errors.ts';
import { findDesign } from '../landmarks/index.ts';
import { pageRealm } from './page-realm.ts';
import { splitPieces } from './pieces.ts';
import { comparable, readEditor } from './read-back.ts';
import type { TypingWatch } from './typing-watch.ts';
import { waitFor } from './wait-for.ts';

/** The composer hydrates up to two seconds after the page; a press in that time is not lost. */
const COMPOSER_MS = 2_500;
/** The editor writes a paste to the page in the same task or a few frames later. */
const TAKEN_MS = 400;

/** The editor of the page on screen, or null. Never the plain field that stands there before hydration. */
export function findComposer(document: Document): HTMLElement | null {
  const design = findDesign(document);
  const page = design?.pageOf(document) ?? null;
  return page === null ? null : (design?.composerOf(page) ?? null);
}

function caretToEnd(editor: HTMLElement): void {
  editor.focus({ preventScroll: true });
  const selection = editor.ownerDocument.getSelection();
  if (selection === null) return;
  selection.selectAllChildren(editor);
  selection.collapseToEnd();
}

function chipCount(editor: Element): number {
  return editor.closest('form')?.querySelectorAll('button, [data-composer-attachments] > *').length ?? 0;
}

/**
 * Puts text at the end of the composer and checks that it stands there. Never presses Enter, never sends, never writes
 * while the person types. `composer/not-found`, `composer/typing`, `composer/not-inserted`, `composer/became-attachment`
 * say what went wrong.
 * Source: docs/wire.md, section 13.
 */
export async function insertText(
  document: Document,
  text: string,
  { typing, signal }: { readonly typing: TypingWatch; readonly signal: AbortSignal },
): Promise<Result<null, AppError>> {
  const editor = await waitFor(() => findComposer(document), { under: document, mostMs: COMPOSER_MS, signal });
  if (editor === null) return fail(appError('composer/not-found'));
  if (!(await typing.waitForPause(editor, { signal }))) {
    return fail(appError('composer/typing'));
  }
  const before = comparable(readEditor(editor));
  const whole = before === '' ? text : `\n\n${text}`;
  let expected = before;
  let takesPaste = true;
  for (const piece of splitPieces(whole)) {
    // The person took over: what stands there is theirs, and nothing more is added.
    if (typing.isTyping(editor)) return fail(appError('composer/typing'));
    const previous = comparable(expected);
    expected += piece;
    const wanted = comparable(expected);
    const isThere = () =>
      waitFor(() => (sameText(readEditor(editor), wanted) ? true : null), { under: editor, mostMs: TAKEN_MS, signal });
    if (takesPaste) {
      const chips = chipCount(editor);
      caretToEnd(editor);
      paste(editor, piece);
      if (await isThere()) continue;
      const refused = whyRefused(editor, { chips, previous, isTyping: typing.isTyping(editor) });
      if (refused !== null) return fail(refused);
      // An editor that refused one paste refuses the next as well; asking again would cost its wait each time.
      takesPaste = false;
    }
    caretToEnd(editor);
    // The only way that editors which refuse synthetic pastes take text from a script; deprecated, and without a successor.
    document.execCommand('insertText', false, piece);
    if (!(await isThere())) return fail(appError('composer/not-inserted'));
  }
  return ok(null);
}

interface BeforePaste {
  readonly chips: number;
  readonly previous: string;
  readonly isTyping: boolean;
}

/** Null where the editor simply ignored the paste, so that another way may be tried. */
function whyRefused(editor: Element, { chips, previous, isTyping }: BeforePaste): AppError | null {
  if (isTyping) return appError('composer/typing');
  if (chipCount(editor) > chips) return appError('composer/became-attachment');
  return sameText(readEditor(editor), previous) ? null : appError('composer/not-inserted');
}

function paste(editor: HTMLElement, piece: string): void {
  try {
    const realm = pageRealm();
    const transfer = realm.transfer();
    transfer.setData('text/plain', piece);
    editor.dispatchEvent(realm.pasteEvent(transfer));
  } catch {
    // A browser that gives scripts no clipboard events: the reading back notices, and the fallback takes over.
  }
}

/** Equal but for line ends in a row: editors make paragraphs of them and show two as one or three. */
function sameText(shown: string, wanted: string): boolean {
  const left = comparable(shown);
  return left === wanted || left.replaceAll(/\n+/g, '\n') === wanted.replaceAll(/\n+/g, '\n');
}
