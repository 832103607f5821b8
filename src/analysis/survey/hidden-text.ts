import type { Place } from './survey.ts';

/** Controls that show text in another order than it stands in. Source: Unicode 17.0, annex 9; CVE-2021-42574. */
const REORDERING = /[\u202A-\u202E\u2066-\u2069]/gu;
/** Letters that nothing is drawn for, and tags that copy ASCII unseen. */
const UNSEEN = /[\u115F\u1160\u3164\uFFA0\u{E0000}-\u{E007F}]/gu;
const WORD = /[\p{L}_$][\p{L}\p{M}\p{N}_$\u200B-\u200D\u2060]*/gu;
/** Cyrillic, Greek and Armenian letters that are drawn as the Latin ones beside them. Source: Unicode's confusables, the single letters. */
const LOOKS = 'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwԍGӏlАAВBЕEКKМMНHОOРPСCТTХXІIЈJЅSҮYοoΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXօoհhոnսuцu';
const LATIN = new Map(
  Array.from({ length: LOOKS.length / 2 }, (_, at) => [LOOKS[at * 2] ?? '', LOOKS[at * 2 + 1] ?? '']),
);

const isMixed = (word: string): boolean =>
  word.split(/[\p{N}_$]+/u).some((part) => /[A-Za-z]/u.test(part) && [...part].some((letter) => LATIN.has(letter)));

const skeletonOf = (word: string): string => [...word].map((letter) => LATIN.get(letter) ?? letter).join('');

/** Controls that reorder what is shown, and letters that are not shown, wherever they stand. */
export function hiddenText(code: string): Place[] {
  return [REORDERING, UNSEEN].flatMap((pattern) =>
    [...code.matchAll(pattern)].map(({ index }) => ({ from: index, to: index + 1 })),
  );
}

/**
 * Names that look like others: letters of two scripts in one word, a name that is drawn as another one of the code, one that Python
 * reads as another (it takes names by their NFKC form), one with signs that take no room. `isText`: whether an offset stands in a text or
 * a comment.
 */
export function lookAlikes(code: string, isText: (offset: number) => boolean): Place[] {
  // Most code is ASCII.
  if (!/[^\p{ASCII}]/u.test(code)) return [];
  const words = [...code.matchAll(WORD)].map(({ 0: word, index }) => ({ word, from: index, to: index + word.length }));
  const plain = new Set(words.map(({ word }) => word).filter((word) => /^[\p{ASCII}]+$/u.test(word)));
  return words
    .filter(({ word, from }) => /[^\p{ASCII}]/u.test(word) && !isText(from))
    .filter(
      ({ word }) =>
        /[\u200B-\u200D\u2060]/u.test(word) ||
        isMixed(word) ||
        plain.has(skeletonOf(word)) ||
        /^\w+$/u.test(word.normalize('NFKC')),
    )
    .map(({ from, to }) => ({ from, to }));
}
