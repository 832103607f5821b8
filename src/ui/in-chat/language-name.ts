import type { CodeLanguage } from '../../contracts/analysis.ts';
import { LANGUAGE_NAMES } from '../../contracts/languages.ts';
import { TEXTS } from '../texts.ts';

/** What to call a program; null is one of which the language is not known yet. */
export function nameOf(language: CodeLanguage | null): string {
  return language === null ? TEXTS.code.someCode : LANGUAGE_NAMES[language];
}
