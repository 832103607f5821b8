import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childEnvironment } from './run-step.ts';
import { countTests } from './vitest-run.ts';

const ROOT = join(import.meta.dirname, '..');
const CACHE = join(ROOT, '.cache', 'tests');
const HEAD = "import { beforeAll, describe, expect, test } from 'vitest';\n";

describe('a run of tests', () => {
  let folder: string;
  beforeAll(() => {
    mkdirSync(CACHE, { recursive: true });
    // Within the repository, so that its tests find vitest.
    folder = mkdtempSync(join(CACHE, 'counted-'));
    writeFileSync(join(folder, 'vitest.config.mjs'), "export default { test: { include: ['*.case.mjs'] } };");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = async (args: readonly string[]) => {
    const program = join(ROOT, 'node_modules/vitest/vitest.mjs');
    // What it prints is not this run's: a log with failures in it that are wanted misleads.
    await promisify(execFile)(process.execPath, [program, ...args], { env: childEnvironment() }).catch(() => {
      throw new Error('ended badly');
    });
  };
  const counted = (name: string) =>
    countTests(['--root', folder, `${name}.case.mjs`], join(folder, `${name}.json`), run);
  const count = (name: string, text: string) => {
    writeFileSync(join(folder, `${name}.case.mjs`), HEAD + text);
    return counted(name);
  };

  it('is counted', async () => {
    expect(await count('good', "test('one', () => {}); test('two', () => {});")).toEqual({
      passed: 2,
      failed: 0,
      skipped: 0,
      failures: [],
      secondTries: [],
    });
  });

  it('names a test that passed when it was tried again, with what the first try said', async () => {
    const { passed, failed, secondTries } = await count(
      'again',
      "let tries = 0; test('late', { retry: 1 }, () => { tries += 1; expect(tries, 'the reason').toBe(2); }); test('bad', { retry: 1 }, () => expect(1).toBe(2));",
    );
    expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
    expect(secondTries).toEqual([expect.stringMatching(/^again\.case\.mjs > late\n {4}.*the reason/u)]);
  });

  it('says what differed in the first try, of whatever kind it is', async () => {
    const [objects, texts, kinds] = await Promise.all(
      Object.entries({
        objects: '{ a: tries, same: 5 }, { a: 2, same: 5 }',
        texts: "'long '.repeat(30) + tries, 'long '.repeat(30) + 2",
        kinds: "tries === 1 ? 'word' : { a: 2 }, { a: 2 }",
      }).map(async ([name, values]) => {
        const text = `let tries = 0; const same = (a, b) => expect(a).toEqual(b); test('one', { retry: 1 }, () => { tries += 1; same(${values}); });`;
        return (await count(name, text)).secondTries.join('\n');
      }),
    );
    expect(objects).toMatch(/^ {4}- +"a": 2,$/mu);
    expect(objects).toMatch(/^ {4}\+ +"a": 1,$/mu);
    expect(objects).not.toMatch(/^ {4}.*"same": 5,$/mu);
    expect(texts).toMatch(/^ {4}Expected: .*long 2"$/mu);
    expect(texts).toMatch(/^ {4}Received: .*long 1"$/mu);
    expect(kinds).toMatch(/^ {4}"word"$/mu);
  });

  it('names a test that failed, with the first lines of why', async () => {
    const { passed, failed, failures } = await count(
      'bad',
      "describe('group', () => { test('good', () => {}); test('bad', () => expect(1, 'the reason').toBe(2)); });",
    );
    expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
    expect(failures).toEqual([expect.stringMatching(/^bad\.case\.mjs > group > bad\n {4}.*the reason/u)]);
  });

  it('names a set-up that failed, of a file or of a group, with why', async () => {
    const whole = await count('file', "beforeAll(() => { throw new Error('no browser') }); test('one', () => {});");
    expect(whole).toMatchObject({ passed: 0, failed: 1 });
    expect(whole.failures).toEqual([expect.stringMatching(/^file\.case\.mjs, around its tests\n {4}.*no browser/u)]);
    const group = await count(
      'group',
      "test('good', () => {}); describe('inner', () => { beforeAll(() => { throw new Error('no site') }); test('one', () => {}); });",
    );
    expect(group).toMatchObject({ passed: 1, failed: 1 });
    expect(group.failures).toEqual([
      expect.stringMatching(/^group\.case\.mjs > inner, around its tests\n {4}.*no site/u),
    ]);
  });

  it('names a file that cannot be read, and an error that belongs to no test', async () => {
    const broken = await count('broken', "throw new Error('at once');");
    expect(broken).toMatchObject({ failed: 1, failures: [expect.stringContaining('at once')] });
    const stray = await count(
      'stray',
      "test('good', async () => { void Promise.reject(new Error('stray one')); await new Promise((done) => setImmediate(done)); });",
    );
    expect(stray.failed).toBe(1);
    expect(stray.failures).toEqual([expect.stringMatching(/^outside of the tests\n {4}.*stray one/u)]);
  });

  it('that finds no tests is a failure', async () => {
    expect(await counted('nothing')).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['ended badly'],
      secondTries: [],
    });
  });
});
