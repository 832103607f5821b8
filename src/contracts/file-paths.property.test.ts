import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameOf, namesOf, storedName } from './file-paths.ts';

const anyName = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });

test('every name that is taken comes back as it was', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const stored = storedName(name);
      if (stored !== null) expect(nameOf(stored)).toBe(name);
    }),
    { numRuns: 2_000 },
  );
});

test('lone halves of pairs survive', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { minLength: 1, maxLength: 8 }), (units) => {
      const name = String.fromCharCode(...units);
      const stored = storedName(name) ?? '';
      expect(stored.isWellFormed()).toBe(true);
      expect(nameOf(stored)).toBe(name);
    }),
  );
});

test('no path names anything above its root, and no stored name has a separator', () => {
  const part = fc.oneof(anyName, fc.constantFrom('..', '.', '', '%', '/', '\\', 'con'));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      for (const name of namesOf(parts.join('/')) ?? []) {
        expect(['', '.', '..']).not.toContain(name);
        expect(storedName(name)).not.toMatch(/[/\\\0]|^\.{1,2}$/);
      }
    }),
    { numRuns: 2_000 },
  );
});
