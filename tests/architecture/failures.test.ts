import { describe, expect, it } from 'vitest';
import { APP_ERROR_CODES } from '../../src/contracts/errors.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { FAILURE_PROOFS } from '../../tools/failures/failure-proofs.ts';
import { renderFailures } from '../../tools/failures/failures-page.ts';
import { filesBehind, read, trackedFiles } from './sources.ts';

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

describe('every failure is met in a test', () => {
  const tracked = new Set(trackedFiles());

  it.each(APP_ERROR_CODES)('%s', (code) => {
    const { file, title, sign = code } = FAILURE_PROOFS[code];
    expect(tracked, file).toContain(file);
    const text = read(file);
    // A test, a group of tests, or a row of a table of tests begins so.
    expect([...text.matchAll(/(?:\(|\[)\s*(['"`])(.*?)\1/gsu)].some(([, , said]) => said?.includes(title))).toBe(true);
    expect(text).toContain(sign);
  });

  it('and docs/failures.md says so: node tools/failures-page.ts writes it', () => {
    expect(read('docs/failures.md')).toBe(renderFailures());
  });

  it('names only tests that exist', () => {
    for (const [, file = '', title = ''] of renderFailures().matchAll(/`((?:tests|src)\/[^`]+)` "([^"]+)"/gu)) {
      expect(tracked, file).toContain(file);
      expect(read(file), file).toContain(title);
    }
  });

  it('and none is met in a test that stands on a runner, worker or door that is played', () => {
    const played = /^tests\/support\/(?:scripted-runner|kit\/(?:toy-|replayed-)|fake-)/u;
    expect([...tracked].filter((file) => played.test(file)).length).toBeGreaterThan(4);
    // It would be seen: the host in memory has such a runner.
    expect(filesBehind('src/host/serve-runs.test.ts').filter((file) => played.test(file))).not.toEqual([]);
    for (const { file } of Object.values(FAILURE_PROOFS)) {
      const behind = filesBehind(file);
      expect(behind.length, file).toBeGreaterThan(1);
      expect(
        behind.filter((path) => played.test(path)),
        file,
      ).toEqual([]);
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
