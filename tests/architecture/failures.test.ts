import { describe, expect, it } from 'vitest';
import { APP_ERROR_CODES } from '../../src/contracts/errors.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import { LIMITS } from '../../src/contracts/limits.ts';

describe('failure table', () => {
  it('has a row for every code and no other row', () => {
    expect(Object.keys(FAILURES).sort()).toEqual([...APP_ERROR_CODES].sort());
  });

  it('keeps titles to 60 characters and says why', () => {
    for (const failure of Object.values(FAILURES)) {
      expect(failure.title.length).toBeLessThanOrEqual(60);
      expect(failure.explanation).toMatch(/\.$/);
    }
  });
});

describe('limits', () => {
  it('have a default between their bounds', () => {
    for (const [name, limit] of Object.entries(LIMITS)) {
      const { standard, smallest, largest } = { smallest: limit.standard, largest: limit.standard, ...limit };
      expect(smallest, name).toBeLessThanOrEqual(standard);
      expect(standard, name).toBeLessThanOrEqual(largest);
    }
  });
});
