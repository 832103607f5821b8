import { fail, ok, type Result } from '../../../base/index.ts';
import { type AppError, appError } from '../../../contracts/errors.ts';
import { findDesign } from '../landmarks/index.ts';
import { hasMarkdown } from './literal.ts';
import { splitPieces } from './pieces.ts';
import { comparable, lastParagraph, readEditor } from './read-back.ts';
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

/**
 * Into the last paragraph: Firefox leaves a caret behind all paragraphs where it is, and puts what is typed there beside them, where
 * the editor does not take it.
 */
function caretToEnd(editor: HTMLElement): void {
  editor.focus({ preventScroll: true });
  const selection = editor.ownerDocument.getSelection();
  if (selection === null) return;
  const last = lastParagraph(editor);
  // Behind the break that fills an empty paragraph, the caret would be on a line of its own.
  const end = last.lastChild instanceof HTMLBRElement ? last.childNodes.length - 1 : last.childNodes.length;
  selection.collapse(last, end);
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
  let done = '';
  // An editor that refused one way refuses it again; asking again would cost its wait each time.
  let ways: readonly Way[] = WAYS.filter((way) => way.mayTake(whole));
  while (done.length < whole.length) {
    // The person took over: what stands there is theirs, and nothing more is added.
    if (typing.isTyping(editor)) return fail(appError('composer/typing'));
    const put = await insertMore({ editor, before, done, rest: whole.slice(done.length), typing, signal }, ways);
    if (!put.ok) return put;
    done += put.value.piece;
    ways = put.value.ways;
  }
  return ok(null);
}

interface More {
  readonly editor: HTMLElement;
  /** What the editor had before all of it. */
  readonly before: string;
  /** What was put in, and what is to follow. */
  readonly done: string;
  readonly rest: string;
  readonly typing: TypingWatch;
  readonly signal: AbortSignal;
}

/** Puts the next piece in by the first way that the editor takes; answers with it and with the ways that are left. */
async function insertMore(
  { editor, before, done, rest, typing, signal }: More,
  ways: readonly Way[],
): Promise<Result<{ readonly piece: string; readonly ways: readonly Way[] }, AppError>> {
  const has = (text: string) => () => (sameText(readEditor(editor), comparable(text)) ? true : null);
  const isAsBefore = has(before + done);
  for (const [at, way] of ways.entries()) {
    const [piece = ''] = splitPieces(rest, way.mostUtf16);
    const chips = chipCount(editor);
    const looks = lookBefore(editor);
    caretToEnd(editor);
    way.put(editor, piece);
    const probe = has(before + done + piece);
    const isThere = (await waitFor(probe, { under: editor, mostMs: TAKEN_MS, signal })) === true;
    if (isThere && way.keeps(editor, looks, piece)) return ok({ piece, ways: ways.slice(at) });
    if (typing.isTyping(editor)) return fail(appError('composer/typing'));
    if (chipCount(editor) > chips) return fail(appError('composer/became-attachment'));
    if (isAsBefore() === null && !takeBack(editor, isAsBefore)) return fail(appError('composer/not-inserted'));
  }
  // Where another way would have changed the signs, it was not tried.
  return fail(appError(hasMarkdown(rest) ? 'composer/needs-paste' : 'composer/not-inserted'));
}

/** Asks the editor to undo what it made of a piece; true where it has again what it had, else it has what it had made. */
function takeBack(editor: HTMLElement, isAsBefore: () => true | null): boolean {
  const { ownerDocument: document } = editor;
  let times = 0;
  while (times < MOST_UNDO && isAsBefore() === null) {
    document.execCommand('undo');
    times += 1;
  }
  if (isAsBefore() === true) return true;
  // What was undone beyond that may be the person's own.
  for (; times > 0; times -= 1) document.execCommand('redo');
  return false;
}

/** Equal but for line ends in a row: editors make paragraphs of them and show two as one or three. */
function sameText(shown: string, wanted: string): boolean {
  const left = comparable(shown);
  return left === wanted || left.replaceAll(/\n+/g, '\n') === wanted.replaceAll(/\n+/g, '\n');
}
