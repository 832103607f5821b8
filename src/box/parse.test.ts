import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFileOperation, parseFromBox, parseReady } from './parse.ts';
import { weigh } from './weigh.ts';

describe('what a box says', () => {
  it('is nothing unless it has one of the known shapes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseFromBox(value)).toBeNull();
        expect(parseReady(value)).toBeNull();
        expect(parseFileOperation(value)).toBeNull();
      }),
    );
    expect(parseFromBox({ op: 'batch', messages: [1], units: 1 })).toEqual({ op: 'batch', messages: [1], units: 1 });
    expect(parseFromBox({ op: 'batch', messages: { length: 1 }, units: 1 })).toBeNull();
    expect(parseFromBox({ op: 'took', units: 1 })).toBeNull();
  });

  it('may name files inside the tree only', () => {
    const stat = (path: string) => parseFileOperation({ op: 'stat', path });
    for (const path of ['', 'a', 'a/b.c', '.companion/input', 'sp ace/ü'])
      expect(stat(path)).toEqual({ op: 'stat', path });
    for (const path of ['/', '/a', 'a/', '..', 'a/../b', './a', 'a//b', 'a\0', 'x'.repeat(1025)])
      expect(stat(path)).toBeNull();
  });

  it('never holds a path with a step outwards', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', 'a', '', 'b'), { maxLength: 6 }), (parts) => {
        const parsed = parseFileOperation({ op: 'mkdir', path: parts.join('/') });
        if (parsed) expect(parsed.path.split('/')).not.toContain('..');
      }),
    );
  });
});

describe('weigh', () => {
  it('counts text and binary in units of 4 KiB, whatever it is given', () => {
    expect(weigh('x')).toBe(1);
    expect(weigh({ text: 'x'.repeat(2048) })).toBe(2);
    expect(weigh([new ArrayBuffer(8192), new Map([['k', new Uint8Array(4096)]])])).toBe(4);
    expect(weigh({ byteLength: -1e15 })).toBe(1);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(weigh(value)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
