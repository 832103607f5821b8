import type { CodeLanguage } from '../../contracts/analysis.ts';
import { LANGUAGE_NAMES } from '../../contracts/languages.ts';

/** What people call a language. */
export const nameOf = (language: CodeLanguage): string => LANGUAGE_NAMES[language];

const round = (value: number): number => Number(value.toPrecision(2));

export const inWords = {
  time(ms: number): string {
    if (ms < 1_000) return `${round(ms)} ms`;
    const seconds = ms / 1_000;
    return seconds < 120 ? `${round(seconds)} s` : `${round(seconds / 60)} min`;
  },
  memory: (mb: number): string => (mb < 1_024 ? `${round(mb)} MB` : `${round(mb / 1_024)} GB`),
};

const MOST_NAMED = 3;

/** `a, b and c`; of more the first three, and how many there are beside. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
