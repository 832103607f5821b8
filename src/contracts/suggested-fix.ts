import type { Language } from './run.ts';

/** `gap` stands for lines that are the same and not shown; its text is empty. */
export const FIX_LINE_KINDS = ['same', 'added', 'removed', 'gap'] as const;

export interface FixLine {
  readonly kind: (typeof FIX_LINE_KINDS)[number];
  readonly text: string;
}

/** Code that was probably meant where its language could not read what is there. Only ever shown; a person takes it or not. */
export interface SuggestedFix {
  /** What differs, for a person. */
  readonly title: string;
  readonly code: string;
  /** Another one than asked for where only that is wrong; then `lines` is empty. */
  readonly language: Language;
  readonly lines: readonly FixLine[];
}
