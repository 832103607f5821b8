import type { Analyser } from '../../src/analysis/index.ts';
import { type Labelled, readLabelled } from './labelled.ts';

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

/** The report as lines of text. */
export function reportLines(report: Report): string[] {
  const shares = Object.entries(report.shares).map(
    ([what, { right, all }]) => `${what.padEnd(10)} ${right} of ${all} right (${((100 * right) / all).toFixed(1)} %)`,
  );
  return [
    ...shares,
    `high taken for low: ${report.highAsLow.length}`,
    `called pure but not pure: ${report.pureWrongly.length}`,
    ...report.misses.map(
      ({ name, what, wanted, got }) => `  ${name}: ${what} is ${wanted || 'none'}, told ${got || 'none'}`,
    ),
  ];
}
