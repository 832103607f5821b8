import type { CodeLanguage } from '../../../contracts/analysis.ts';
import { LANGUAGE_OF_WORD } from '../../../contracts/languages.ts';

/** The code of a block as the page shows it. */
export interface DrawnCode {
  /** Only the lines that the page drew, where `isWhole` is false. Read when it is asked for: most blocks are known by their pieces. */
  readonly text: () => string;
  readonly isWhole: boolean;
  /** What is drawn, in one piece each: more than one where lines between them are not drawn. Line ends may be missing. */
  readonly pieces: readonly string[];
  /** Where its fence opens in the message's text, as the page has it; null where it does not say. */
  readonly start: number | null;
}

/** What the page calls a block's language. */
export interface DrawnLabel {
  /** Lower case: by the page's own mark, else by a known word of the header; null where neither says. */
  readonly label: string | null;
  /** The header has a word that names no known language: one in the person's own tongue, such as that for plain text. */
  readonly hasOtherWord: boolean;
}

/** A code block as the page shows it. */
export interface BlockText extends DrawnCode, DrawnLabel {
  readonly code: string;
}

const EDITOR = '.cm-content';
const RAW = 'data-markdown-copy-text';
const BUTTONS = 'button, [role="button"], svg';
const LONGEST_WORD = 40;
/** Elements that begin and end a line of their own. */
const LINES: ReadonlySet<string> = new Set(['DIV', 'P', 'LI', 'TR', 'PRE']);

/** A label that says something, lower case; null for none. */
export function labelFrom(word: string): string | null {
  const label = word.trim().toLowerCase();
  return label === '' || label === 'code' ? null : label;
}

/** What the page itself marks the code as: a class of old, an attribute of its editor. */
const markOf = (code: Element): string =>
  code.getAttribute('data-language') ?? /(?:^|\s)language-(\S+)/u.exec(code.className)?.[1] ?? '';

/** What headers say where they name no language. */
const NO_WORDS: ReadonlySet<string> = new Set(['code', 'copy', 'copy-code', 'run']);

/** The first text of a block that is neither code nor on a button: the name of the language, in words for people. */
function headerWord(block: Element, body: Element | null): string {
  const word = firstText(block, body) ?? '';
  return word.length > LONGEST_WORD ? '' : word.toLowerCase().replaceAll(/\s+/gu, '-');
}

function firstText(node: Node, body: Element | null): string | null {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE && child.textContent?.trim() !== '') return child.textContent?.trim() ?? '';
    if (child.nodeType !== Node.ELEMENT_NODE || child === body || (child as Element).matches(BUTTONS)) continue;
    const text = firstText(child, body);
    if (text !== null) return text;
  }
  return null;
}

function write(node: Node, out: string[]): void {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE && child.textContent !== '') out.push(child.textContent ?? '');
    else if (child.nodeType === Node.ELEMENT_NODE) writeElement(child as Element, out);
  }
}

function writeElement(element: Element, out: string[]): void {
  if (element.localName === 'br') {
    out.push('\n');
    return;
  }
  const isLine = LINES.has(element.tagName);
  const endLine = (): void => {
    if (isLine && out.length > 0 && out.at(-1)?.endsWith('\n') === false) out.push('\n');
  };
  endLine();
  write(element, out);
  endLine();
}

/** Text of code as it is drawn: `<br>` and elements that are lines end lines. */
function textOfCode(code: Element): string {
  const out: string[] = [];
  write(code, out);
  return out.join('').replace(/\n$/u, '');
}

/** The lines of an editor that draws those in view only, in runs; the gaps between them stand for the others. */
function runsOf(editor: Element): { readonly runs: readonly string[]; readonly hasGaps: boolean } {
  const runs: string[][] = [[]];
  const gaps = editor.querySelectorAll('.cm-gap').length;
  for (const part of editor.querySelectorAll('.cm-line, .cm-gap')) {
    if (part.classList.contains('cm-gap')) runs.push([]);
    else runs.at(-1)?.push(part.textContent);
  }
  return { runs: runs.filter((run) => run.length > 0).map((run) => run.join('\n')), hasGaps: gaps > 0 };
}

/** The element that holds the code; null where the block is drawn as something else, such as a diagram. */
const bodyOf = (block: Element): Element | null =>
  block.querySelector(EDITOR) ?? block.querySelector('code') ?? (block.matches(EDITOR) ? block : null);

/** Reads the code of one of the forms in which the page draws a block; null for what is none of them. */
export function readCode(block: Element): DrawnCode | null {
  const body = bodyOf(block);
  if (body === null) return null;
  const start = Number(block.getAttribute('data-start') ?? Number.NaN);
  return {
    ...readBody(body, block.getAttribute(RAW)),
    start: Number.isSafeInteger(start) && start >= 0 ? start : null,
  };
}

function readBody(body: Element, raw: string | null): Omit<DrawnCode, 'start'> {
  if (raw !== null) return { text: () => raw, pieces: [raw], isWhole: true };
  if (body.querySelector('.cm-line, .cm-gap') === null)
    return { text: () => textOfCode(body), pieces: [body.textContent], isWhole: true };
  const { runs, hasGaps } = runsOf(body);
  return { text: () => runs.join('\n'), pieces: runs, isWhole: !hasGaps };
}

/** Reads what the page calls the language of a block. */
export function readLabel(block: Element): DrawnLabel {
  const body = bodyOf(block);
  const mark = body === null ? '' : markOf(body);
  const word = mark === '' ? headerWord(block, body) : '';
  const header = NO_WORDS.has(word) ? '' : word;
  const named = LANGUAGE_OF_WORD.has(header) ? header : '';
  return { label: labelFrom(mark === '' ? named : mark), hasOtherWord: header !== '' && named === '' };
}

/**
 * Reads a block of code as the page draws it; null for what is drawn as something else.
 * Source: docs/site.md, section 3.
 * @internal for tests of the forms, one by one
 */
export function readBlock(block: Element): BlockText | null {
  const drawn = readCode(block);
  return drawn === null ? null : { ...drawn, ...readLabel(block), code: drawn.text() };
}

/** What a label names; null for no label, or one that nobody here knows. */
export function languageOfLabel(label: string | null): CodeLanguage | null {
  return label === null ? null : (LANGUAGE_OF_WORD.get(label) ?? null);
}
