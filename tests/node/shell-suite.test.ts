import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { needsLinuxImage } from '../support/linux-image.ts';
import {
  type Answer,
  asShown,
  nameOf,
  readAccepted,
  readCases,
  readRecorded,
  readRecordedPackages,
  type Shown,
} from '../support/shell/cases.ts';
import { ALL_CASES_MS, answersOf } from '../support/shell/run-in-session.ts';

const ROOT = join(import.meta.dirname, '../..');

const cases = readCases();
const accepted = readAccepted();

describe('what was recorded', () => {
  test('is of every case, and there are enough of them', () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
    for (const one of cases) expect(readRecorded(one.topic), nameOf(one)).toHaveProperty([one.title]);
  });

  test('is of the same versions as the packages of the image, but for mends of security', () => {
    const lock = readFileSync(join(ROOT, 'tools/linux/packages.lock.json'), 'utf8');
    const { full } = JSON.parse(lock) as { full: { name: string; version: string }[] };
    const shipped = new Map(full.map(({ name, version }) => [name, withoutMends(version)]));
    const both = Object.entries(readRecordedPackages()).filter(([name]) => shipped.has(name));
    expect(both.length).toBeGreaterThan(15);
    for (const [name, version] of both) expect(withoutMends(version), name).toBe(shipped.get(name));
  });

  test('names only cases that are there as answered otherwise', () => {
    const names = cases.map(nameOf);
    expect(Object.keys(accepted).filter((name) => !names.includes(name))).toEqual([]);
  });
});

/** `+b8`: the same source, built again; `+deb12u2`: with a fault of security mended. */
const withoutMends = (version: string): string => version.replaceAll(/\+(?:b|deb\d+u)\d+/gu, '');

describe('the shell of a session in the full image answers as Debian', () => {
  beforeAll(needsLinuxImage);
  let answers: readonly Answer<Shown>[] = [];
  beforeAll(async () => {
    answers = await answersOf('full', cases);
  }, ALL_CASES_MS);

  test.for(cases.map((one, at) => [nameOf(one), at] as const))('%s', ([name, at]) => {
    const { topic, title } = cases[at] ?? { topic: '', title: '' };
    const answer = readRecorded(topic)[title];
    if (answer === undefined) throw new Error(`nothing was recorded of ${name}`);
    const recorded = asShown(answer);
    if (accepted[name] === undefined) expect(answers[at]).toEqual(recorded);
    else expect(answers[at], 'is listed as answered otherwise').not.toEqual(recorded);
  });
});
