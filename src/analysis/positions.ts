import type { CodeRange } from '../contracts/analysis.ts';

/** Finds lines for offsets; both from the start of the code, in UTF-16 units. */
export interface Positions {
  range(from: number, to: number): CodeRange;
  readonly lines: number;
}

export function createPositions(code: string): Positions {
  const starts = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    lines: starts.length,
    range(from, to) {
      const line = lineOf(from);
      return { from, to, line: line + 1, column: from - (starts[line] ?? 0) + 1 };
    },
  };
}
