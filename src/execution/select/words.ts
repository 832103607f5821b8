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
