import type { Analyser } from '../../src/analysis/index.ts';
import { type Labelled, type LabelledHints, readLabelled, readLabelledHints } from './labelled.ts';

export interface Miss {
  readonly name: string;
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
}

export interface Share {
  readonly right: number;
  readonly all: number;
}

/** How the analyser does on the labelled set. */
export interface Report {
  readonly shares: Readonly<Record<string, Share>>;
  readonly highAsLow: readonly string[];
  readonly pureWrongly: readonly string[];
  readonly misses: readonly Miss[];
}

const RANK = { low: 0, medium: 1, high: 2 };

function answers(analyser: Analyser, one: Labelled): readonly (readonly [what: string, wanted: string, got: string])[] {
  const found = analyser.analyse({ code: one.code, label: one.label });
  const isRead = one.language === found.language;
  // where the language is missed the rest is judged as if it had been told
  const read = isRead ? found : analyser.analyse({ code: one.code, label: one.language });
  return [
    ['language', one.language, found.language],
    ['imports', one.imports.join(','), read.imports.join(',')],
    ['programs', one.programs.join(','), read.programs.join(',')],
    ['network', String(one.network), String(read.network.length > 0)],
    ['files', one.files, read.fileAccess],
    ['band', one.band, read.band],
    ['endless', String(one.endless), String(read.endlessLoops.length > 0)],
    ['pure', String(one.pure), String(read.purity.isPure)],
    ['async', String(one.isAsync || read.language === 'shell'), String(read.isAsync || read.language === 'shell')],
  ];
}

/** What the analyser advises for a piece: `kind@line` each, and how many with a text to put there. */
function advice(analyser: Analyser, { code, language }: LabelledHints): { hints: string; sure: number } {
  const { hints } = analyser.analyse({ code, label: language });
  const told = hints.map(({ kind, at }) => `${kind}@${at.line}`);
  return { hints: told.join(','), sure: hints.filter(({ replacement }) => replacement !== null).length };
}

/** Where the advice differs from what a reader would say, and the share that does not. */
export function hintsReport(analyser: Analyser, set = readLabelledHints()): { share: Share; misses: readonly Miss[] } {
  const misses = set.flatMap((one) => {
    const got = advice(analyser, one);
    const wanted = { hints: [...one.hints].sort().join(','), sure: one.sure };
    const told = { hints: got.hints.split(',').sort().join(','), sure: got.sure };
    if (wanted.hints === told.hints && wanted.sure === told.sure) return [];
    const say = ({ hints, sure }: typeof wanted): string => `${hints || 'none'}, ${sure} sure`;
    return [{ name: `hints: ${one.name}`, what: 'hints', wanted: say(wanted), got: say(told) }];
  });
  return { share: { right: set.length - misses.length, all: set.length }, misses };
}

/** Runs the whole set. */
export function makeReport(analyser: Analyser, set = readLabelled()): Report {
  const shares: Record<string, { right: number; all: number }> = {};
  const misses: Miss[] = [];
  const highAsLow: string[] = [];
  const pureWrongly: string[] = [];
  for (const one of set) {
    for (const [what, wanted, got] of answers(analyser, one)) {
      const share = (shares[what] ??= { right: 0, all: 0 });
      share.all += 1;
      if (wanted === got) share.right += 1;
      else misses.push({ name: one.name, what, wanted, got });
      if (what === 'band' && RANK[one.band] === 2 && got === 'low') highAsLow.push(one.name);
      if (what === 'pure' && wanted === 'false' && got === 'true') pureWrongly.push(one.name);
    }
  }
  return { shares, highAsLow, pureWrongly, misses };
}

/** The report as lines of text; hints have a set of their own. */
export function reportLines(report: Report, hints: ReturnType<typeof hintsReport>): string[] {
  const shares = Object.entries({ ...report.shares, hints: hints.share }).map(
    ([what, { right, all }]) => `${what.padEnd(10)} ${right} of ${all} right (${((100 * right) / all).toFixed(1)} %)`,
  );
  return [
    ...shares,
    `high taken for low: ${report.highAsLow.length}`,
    `called pure but not pure: ${report.pureWrongly.length}`,
    ...[...report.misses, ...hints.misses].map(
      ({ name, what, wanted, got }) => `  ${name}: ${what} is ${wanted || 'none'}, told ${got || 'none'}`,
    ),
  ];
}
