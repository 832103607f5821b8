import type { CodeLanguage } from '../../contracts/analysis.ts';
import { LANGUAGE_OF_WORD } from '../../contracts/languages.ts';

/** The language that a fence's label, or the name of an interpreter, means; null where it means none. */
export function languageOfLabel(label: string): CodeLanguage | null {
  const plain = label.trim().toLowerCase();
  const first = plain.split(/[\s,{:]/u)[0] ?? '';
  const bare = first.startsWith('language-') ? first.slice(9) : first.startsWith('.') ? first.slice(1) : first;
  return LANGUAGE_OF_WORD.get(bare) ?? null;
}

/** The language of a `#!` line; null where there is none, or one that is not known. */
export function languageOfShebang(code: string): CodeLanguage | null {
  if (!code.startsWith('#!')) return null;
  const end = code.indexOf('\n');
  const words = code
    .slice(2, end < 0 ? 200 : Math.min(end, 200))
    .trim()
    .split(/\s+/u);
  const names = words.map((word) => word.slice(word.lastIndexOf('/') + 1));
  const program =
    names[0] === 'env' ? names.slice(1).find((name) => !name.startsWith('-') && !name.includes('=')) : names[0];
  if (program === undefined) return null;
  return languageOfLabel(program) ?? languageOfLabel(program.replace(/[\d.]+$/u, ''));
}
