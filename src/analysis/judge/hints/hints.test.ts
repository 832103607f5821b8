import { describe, expect, it } from 'vitest';
import { readLabelledHints } from '../../../../tools/analyse/labelled.ts';
import { openAnalyser } from '../../../../tools/analyse/open-analyser.ts';
import { hintsReport } from '../../../../tools/analyse/report.ts';

const analyser = openAnalyser();

describe('hints', () => {
  it('are those of the labelled set, and sure only where it says so', () => {
    const { share, misses } = hintsReport(analyser);
    expect(share.all).toBeGreaterThanOrEqual(92);
    expect(misses).toEqual([]);
  });

  it('put a text only where the code is one that still parses', () => {
    const sure = readLabelledHints().filter((one) => one.sure > 0);
    expect(sure.length).toBeGreaterThan(2);
    for (const { code, language } of sure) {
      const [hint] = analyser
        .analyse({ code, label: language })
        .hints.filter(({ replacement }) => replacement !== null);
      const after = code.slice(0, hint?.at.from) + (hint?.replacement ?? '') + code.slice(hint?.at.to);
      const found = analyser.analyse({ code: after, label: language });
      expect(found.syntaxErrors).toEqual([]);
      expect(found.hints).toEqual([]);
    }
  });

  it('are at most twenty', () => {
    const many = 'print(sum([n for n in range(3)]))\n'.repeat(50);
    expect(analyser.analyse({ code: many, label: 'python' }).hints).toHaveLength(20);
  });
});
