import { describe, expect, test } from 'vitest';
import { readInPieces, type ReadRange } from './read-pieces.ts';

const PIECE = 10;

/** A file of so many bytes that count up; `asked` gathers what was wanted of it. */
function file(size: number, asked: string[] = []): ReadRange {
  const whole = Uint8Array.from({ length: size }, (_none, at) => at);
  return async ({ first, last }) => {
    asked.push(`${first}-${last ?? ''}`);
    if (first >= size) throw new TypeError('past the end');
    return new Blob([whole.subarray(first, last === undefined ? size : last + 1)]);
  };
}

async function bytesOf(read: ReadRange): Promise<number[]> {
  return [...new Uint8Array(await (await readInPieces(read, PIECE)).arrayBuffer())];
}

const counted = (size: number): number[] => Array.from({ length: size }, (_none, at) => at);

describe('a file in pieces', () => {
  test.each([1, 9, 11, 19, 21, 29, 30, 31, 75])('of %i bytes comes whole, by three requests', async (size) => {
    const asked: string[] = [];
    expect(await bytesOf(file(size, asked))).toEqual(counted(size));
    expect(asked).toEqual(['0-9', '10-19', '20-']);
  });

  test.each([10, 20])('of %i bytes, which ends where a piece does, is read once more', async (size) => {
    expect(await bytesOf(file(size))).toEqual(counted(size));
  });

  test.each([0, 10, 20])('is read whole where the piece from %i on fails', async (lost) => {
    let isLost = true;
    const good = file(45);
    const flaky: ReadRange = (range) => {
      if (range.first !== lost || !isLost) return good(range);
      isLost = false;
      return Promise.reject(new Error('lost'));
    };
    expect(await bytesOf(flaky)).toEqual(counted(45));
  });

  test('is taken as it is where ranges are not known', async () => {
    const good = file(45);
    expect(await bytesOf(() => good({ first: 0 }))).toEqual(counted(45));
  });

  test('that is not there rejects', async () => {
    await expect(readInPieces(() => Promise.reject(new Error('not in the package')))).rejects.toThrow('package');
  });
});
