import { fail, ok, type Result } from '../../../base/index.ts';
import { type AppError, appError } from '../../../contracts/errors.ts';
import { findDesign } from '../landmarks/index.ts';
import { hasMarkdown } from './literal.ts';
import { splitPieces } from './pieces.ts';
import { comparable, readEditor } from './read-back.ts';
import type { TypingWatch } from './typing-watch.ts';
import { waitFor } from './wait-for.ts';
import { lookBefore, type Way, WAYS } from './ways.ts';

/** The composer hydrates up to two seconds after the page; a press in that time is not lost. */
const COMPOSER_MS = 2_500;
/** The editor writes a paste to the page in the same task or a few frames later. */
const TAKEN_MS = 400;
/** An editor may have made several steps of one piece: the text, and what its rules made of it. */
const MOST_UNDO = 3;

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
 * Puts text at the end of the composer and checks that it stands there as it is. Never presses Enter, never sends, never writes
 * while the person types. `composer/not-found`, `composer/typing`, `composer/not-inserted`, `composer/became-attachment` and
 * `composer/needs-paste` say what went wrong.
 * Source: docs/site.md, section 4.
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
  // An editor that refused one way refuses it again; asking again would cost its wait each time.
  let ways: readonly Way[] = WAYS.filter((way) => way.mayTake(whole));
  for (const piece of splitPieces(whole)) {
    // The person took over: what stands there is theirs, and nothing more is added.
    if (typing.isTyping(editor)) return fail(appError('composer/typing'));
    const previous = comparable(expected);
    expected += piece;
    const done = await insertPiece({ editor, piece, previous, expected, typing, signal }, ways);
    if (!done.ok) return done;
    ways = done.value;
  }
  return ok(null);
}

interface Piece {
  readonly editor: HTMLElement;
  readonly piece: string;
  /** What the editor has before it, and what it is to have after it. */
  readonly previous: string;
  readonly expected: string;
  readonly typing: TypingWatch;
  readonly signal: AbortSignal;
}

/** Puts one piece in by the first way that the editor takes; answers with the ways that are left. */
async function insertPiece(
  { editor, piece, previous, expected, typing, signal }: Piece,
  ways: readonly Way[],
): Promise<Result<readonly Way[], AppError>> {
  const wanted = comparable(expected);
  const has = (text: string) => () => (sameText(readEditor(editor), text) ? true : null);
  for (const [at, way] of ways.entries()) {
    const chips = chipCount(editor);
    const before = lookBefore(editor);
    caretToEnd(editor);
    way.put(editor, piece);
    const isThere = (await waitFor(has(wanted), { under: editor, mostMs: TAKEN_MS, signal })) === true;
    if (isThere && way.keeps(editor, before, piece)) return ok(ways.slice(at));
    if (typing.isTyping(editor)) return fail(appError('composer/typing'));
    if (chipCount(editor) > chips) return fail(appError('composer/became-attachment'));
    if (has(previous)() === null && !takeBack(editor, has(previous))) return fail(appError('composer/not-inserted'));
  }
  // It took nothing as it is: where another way might have gone in changed, it was not tried.
  return fail(appError(hasMarkdown(piece) ? 'composer/needs-paste' : 'composer/not-inserted'));
}

/** Asks the editor to undo what it made of a piece; true where it has again what it had. */
function takeBack(editor: HTMLElement, isAsBefore: () => true | null): boolean {
  for (let times = 0; times < MOST_UNDO && isAsBefore() === null; times += 1) {
    editor.ownerDocument.execCommand('undo');
  }
  return isAsBefore() === true;
}

/** Equal but for line ends in a row: editors make paragraphs of them and show two as one or three. */
function sameText(shown: string, wanted: string): boolean {
  const left = comparable(shown);
  return left === wanted || left.replaceAll(/\n+/g, '\n') === wanted.replaceAll(/\n+/g, '\n');
}
