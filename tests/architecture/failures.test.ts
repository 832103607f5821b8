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
    const support = /^tests\/support\/(?:scripted-runner|port-switchboard|played-|kit\/(?:toy-|replayed-)|fake-)/u;
    expect([...tracked].filter((file) => support.test(file)).length).toBeGreaterThan(6);
    // What a test makes itself: an engine by a cast, a door of its own methods.
    const inline = /\bas (?:unknown as )?(?:Runner|BoxWorker|BoxHandle|\w+Door\b)\w*|\bserveDoor\b/u;
    const playedIn = (file: string) => [
      ...filesBehind(file).filter((path) => support.test(path)),
      ...(inline.exec(read(file)) ?? []),
    ];
    // They would be seen: the host in memory has such a runner, terminals one that their test makes.
    expect(playedIn('src/host/serve-runs.test.ts')).toContain('tests/support/scripted-runner.ts');
    expect(playedIn('src/host/terminals/serve-terminals.test.ts')).toContain('as RunnerSession');
    for (const { file } of Object.values(FAILURE_PROOFS)) {
      expect(filesBehind(file).length, file).toBeGreaterThan(1);
      expect(playedIn(file), file).toEqual([]);
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
