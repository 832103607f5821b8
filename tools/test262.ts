/**
 * test262 and the JavaScript runner. `node tools/test262.ts copy GITDIR` takes the chosen subset out of a clone of
 * github.com/tc39/test262; `node tools/test262.ts` runs it and writes docs/engines/test262.md with the list of failures.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { factsOf, runTest262, TEST262, test262Names } from '../tests/support/javascript/test262.ts';

const ROOT = join(import.meta.dirname, '..');
const REPORT = join(ROOT, 'docs/engines/test262.md');
const KNOWN = join(TEST262, 'known-failures.json');
const PER_FOLDER = 4;
/** What a program of one thread in one world does not have, or what this harness cannot say. */
const SKIPPED =
  /Atomics|SharedArrayBuffer|Temporal|IsHTMLDDA|\$262|ShadowRealm|flags: \[.*(?:module|raw).*\]|import-defer|source-phase|detachArrayBuffer|_FIXTURE|caller|tail-call/u;

const FOLDERS = [
  ...'array arrow-function assignment async-arrow-function async-function async-generator await class coalesce compound-assignment conditional delete dynamic-import exponentiation function generators in instanceof logical-assignment logical-and new object optional-chaining template-literal tagged-template typeof yield super'
    .split(' ')
    .map((name) => `language/expressions/${name}`),
  ...'async-function async-generator class const do-while for for-await-of for-in for-of function generators if labeled let switch throw try variable while with'
    .split(' ')
    .map((name) => `language/statements/${name}`),
  ...'block-scope destructuring computed-property-names directive-prologue function-code identifiers literals rest-parameters global-code eval-code'
    .split(' ')
    .map((name) => `language/${name}`),
  ...'Array ArrayBuffer BigInt Boolean DataView Date Error Function GeneratorPrototype Infinity Iterator JSON Map Math NaN Number Object Promise Proxy Reflect RegExp Set String Symbol TypedArray WeakMap WeakRef decodeURIComponent parseInt AsyncFunction AggregateError'
    .split(' ')
    .map((name) => `built-ins/${name}`),
];

function copy(repository: string): void {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  rmSync(join(TEST262, 'test'), { recursive: true, force: true });
  rmSync(join(TEST262, 'harness'), { recursive: true, force: true });
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(TEST262, path)), { recursive: true });
    writeFileSync(join(TEST262, path), text);
  };
  const all = git('ls-tree', '-r', '--name-only', 'HEAD', 'test').split('\n');
  const includes = new Set(['assert.js', 'sta.js']);
  for (const folder of FOLDERS) {
    const names = all.filter((name) => name.startsWith(`test/${folder}/`) && /(?<!_FIXTURE)\.js$/u.test(name));
    // Evenly over the folder, so that every part of it is met; the same each time.
    const step = Math.max(1, Math.floor(names.length / PER_FOLDER));
    let taken = 0;
    for (let at = Math.floor(step / 2); at < names.length && taken < PER_FOLDER; at += step) {
      const name = names[at] ?? '';
      const text = git('show', `HEAD:${name}`);
      if (SKIPPED.test(text)) continue;
      put(name, text);
      for (const include of factsOf(text).includes) includes.add(include);
      taken += 1;
    }
  }
  for (const include of includes) put(`harness/${include}`, git('show', `HEAD:harness/${include}`));
  put('LICENSE', git('show', 'HEAD:LICENSE'));
  put('COMMIT', git('rev-parse', 'HEAD'));
}

async function report(): Promise<void> {
  const names = test262Names();
  const failures: Record<string, string> = {};
  for (const name of names) {
    const failure = await runTest262(name);
    if (failure !== null) failures[name] = failure.replaceAll(/\s+/gu, ' ').slice(0, 160);
  }
  const failed = Object.keys(failures).length;
  const passed = names.length - failed;
  const commit = readFileSync(join(TEST262, 'COMMIT'), 'utf8').trim();
  const rows = Object.entries(failures).map(
    ([name, why]) => `| \`${name.replace(/^test\//u, '')}\` | ${why.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`,
  );
  const text = `# test262

Written by \`node tools/test262.ts\`; a test keeps it true. A subset of ${names.length} tests, taken evenly from
${FOLDERS.length} folders of tc39/test262 (commit ${commit.slice(0, 12)}), runs in the product's own JavaScript runner: each in a session of
its own, the harness as one run and the test as the next, with the rewriting that lets a conversation declare its names
again. Left out: what needs threads, several worlds, modules of the harness, or Temporal.

**${passed} of ${names.length} pass (${((passed / names.length) * 100).toFixed(1)} %).**

| test | what happens |
| --- | --- |
${rows.join('\n')}
`;
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, text);
  writeFileSync(KNOWN, `${JSON.stringify(Object.keys(failures), null, 2)}\n`);
  console.log(`${passed} of ${names.length} pass`);
}

const [command, repository] = process.argv.slice(2);
if (command === 'copy' && repository !== undefined) copy(repository);
else await report();
process.exit(0);
