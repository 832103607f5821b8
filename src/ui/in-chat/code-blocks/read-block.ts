import type { CodeLanguage } from '../../../contracts/analysis.ts';
import { LANGUAGE_OF_WORD } from '../../../contracts/languages.ts';

/** A code block as the page shows it. */
export interface BlockText {
  /** Only the lines that the page drew, where `isWhole` is false. */
  readonly code: string;
  /** What the fence called the language, lower case; null where it said nothing. */
  readonly label: string | null;
  readonly isWhole: boolean;
}

const EDITOR = '.cm-content';
const NO_LABEL: readonly string[] = ['', 'plaintext', 'text', 'txt', 'plain', 'code'];

function labelOf(code: Element): string | null {
  const named = code.getAttribute('data-language') ?? /(?:^|\s)language-(\S+)/u.exec(code.className)?.[1] ?? '';
  const label = named.trim().toLowerCase();
  return NO_LABEL.includes(label) ? null : label;
}

/** Reads one of the three forms of a block (fixtures: the stand-in's code-block.ts); null for what is none of them. */
export function readBlock(block: Element): BlockText | null {
  const editor = block.querySelector(EDITOR);
  if (editor !== null) {
    const lines = [...editor.querySelectorAll('.cm-line')].map((line) => line.textContent);
    return { code: lines.join('\n'), label: labelOf(editor), isWhole: editor.querySelector('.cm-gap') === null };
  }
  const code = block.querySelector('code');
  return code === null ? null : { code: code.textContent, label: labelOf(code), isWhole: true };
}

/** What a label names; null for no label, or one that nobody here knows. */
export function languageOfLabel(label: string | null): CodeLanguage | null {
  return label === null ? null : (LANGUAGE_OF_WORD.get(label) ?? null);
}
