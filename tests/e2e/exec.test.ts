import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text as wholeText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenRuns, openRuns } from '../../tools/exec/open-runs.ts';
import { execThrough } from '../support/exec-through.ts';
import { pngSize, snippetGroups } from '../support/python/snippets.ts';
import { isWhole } from '../support/whole.ts';

let runs: OpenRuns;
beforeAll(async () => {
  runs = await openRuns();
});
afterAll(() => runs[Symbol.asyncDispose]());

const base64 = (content: string): string => Buffer.from(content).toString('base64');
const plain = (encoded: string | undefined): string => Buffer.from(encoded ?? '', 'base64').toString();

const exec = (...lines: readonly unknown[]) => execThrough(runs, lines);

// All of them are run every day in Node (python-snippets.test.ts).
describe.each(snippetGroups.filter((_, at) => isWhole || at % 8 === 0))(
  'snippets through exec: %s',
  (group, snippets) => {
    test.each(snippets.map((snippet) => [snippet.name, snippet] as const))('%s', async (name, snippet) => {
      const files = Object.fromEntries(Object.entries(snippet.files ?? {}).map(([path, text]) => [path, base64(text)]));
      const { code, stdin = [] } = snippet;
      const [result] = await exec({ id: name, language: 'python', code, files, stdin, session: group });
      if (!result) throw new Error('no answer');
      const wanted = snippet.expect;
      expect(result).toMatchObject({ id: name, outcome: 'completed', exitCode: wanted.exitCode, runner: 'python' });
      expect(result.stdout).toBe(wanted.stdout);
      if (wanted.result !== undefined) expect(result.result).toBe(wanted.result);
      if (wanted.error) {
        const { suggestions = [], ...error } = wanted.error;
        expect(result.error).toMatchObject(error);
        // Its own come first; those of its code follow.
        expect(result.error?.suggestions.slice(0, suggestions.length)).toEqual(suggestions);
        expect(result.stderr).toContain(wanted.error.title);
      } else {
        expect(result.error).toBeNull();
        expect(result.stderr).toBe(wanted.stderr ?? '');
      }
      const made = result.artifacts.filter(({ path }) => path.startsWith('/mnt/data/') && !path.includes('/.output/'));
      expect(made.map(({ path }) => path.replace('/mnt/data/', '')).sort()).toEqual([...(wanted.files ?? [])].sort());
      for (const { bytes, base64: encoded = '' } of result.artifacts)
        expect(Buffer.from(encoded, 'base64')).toHaveLength(bytes);
      const figures = result.artifacts.filter(({ path, mime }) => mime === 'image/png' && !path.startsWith('/'));
      expect(figures.map((figure) => pngSize(figure.base64 ?? ''))).toEqual(wanted.figures ?? []);
    });
  },
);

describe('exec', () => {
  test('answers in input order, with all that its format names', async () => {
    const [first, second] = await exec(
      { id: 1, language: 'python', code: 'import sys\nprint("out")\nprint("err", file=sys.stderr)\n6 * 7' },
      { id: 'two', language: 'python', code: '1 / 0' },
    );
    expect(first).toEqual({
      id: 1,
      outcome: 'completed',
      exitCode: 0,
      stdout: 'out\n',
      stderr: 'err\n',
      result: '42',
      display: [],
      artifacts: [],
      error: null,
      ms: expect.any(Number),
      memoryBytes: expect.any(Number),
      runner: 'python',
    });
    expect(second).toMatchObject({
      id: 'two',
      outcome: 'completed',
      exitCode: 1,
      error: { code: 'python/exception', title: 'ZeroDivisionError', line: 1, suggestions: expect.any(Array) },
    });
  });

  test('takes files in base64 and gives back those that were made or changed', async () => {
    const [result] = await exec({
      id: 'files',
      language: 'python',
      files: { '/mnt/data/in/a.txt': base64('ünï'), 'b.txt': base64('b') },
      code: 'a = open("/mnt/data/in/a.txt").read()\nopen("out.txt", "w").write(a + open("b.txt").read())\nopen("b.txt", "a").write("!");',
    });
    const files = (result?.artifacts ?? []).map((made) => [made.path, plain(made.base64)]).sort();
    expect(files).toEqual([
      ['/mnt/data/b.txt', 'b!'],
      ['/mnt/data/out.txt', 'ünïb'],
    ]);
  });

  test('lines of one session share variables and files, others share nothing', async () => {
    const look = 'import os\nprint("x" in globals(), os.path.exists("/mnt/data/f.txt"))';
    const results = await exec(
      { language: 'python', code: 'x = 1\nopen("f.txt", "w").write("f");', session: 'shared' },
      { language: 'python', code: look, session: 'shared' },
      { language: 'python', code: look, session: 'other' },
      { language: 'python', code: 'x = 1\nopen("f.txt", "w").write("f");' },
      { language: 'python', code: look },
    );
    expect(results.map(({ stdout }) => stdout)).toEqual(['', 'True True\n', 'False False\n', '', 'False False\n']);
  });

  test('reads standard input a line each, then its end', async () => {
    const code = 'print([input(), input()])\ninput()';
    const [asText, asLines] = await exec(
      { language: 'python', code, stdin: 'one\ntwo\n' },
      { language: 'python', code, stdin: ['one', 'two'] },
    );
    for (const result of [asText, asLines]) {
      expect(result?.stdout).toContain("['one', 'two']\n");
      expect(result?.error).toMatchObject({ code: 'python/input-closed' });
    }
  });

  test('ends a run at its own timeoutMs', async () => {
    const [result] = await exec({ id: 'slow', language: 'python', code: 'while True: pass', timeoutMs: 1000 });
    expect(result).toMatchObject({ id: 'slow', outcome: 'timedOut', exitCode: null, error: { code: 'run/timed-out' } });
  });

  test('refuses a language that does not exist yet, and every line that is no call, and goes on', async () => {
    const results = await exec(
      { id: 'b', language: 'brainfuck', code: '+' },
      { id: 'l', language: 'ruby', code: 'puts 1' },
      '{"id": "cut", "language": "pyth',
      '',
      { id: 'typo', language: 'python', cod: '1' },
      { id: 'not64', language: 'python', code: '1', files: { a: '***' } },
      '[]',
      { id: 'good', language: 'python', code: '1' },
    );
    expect(results.map(({ id, outcome, error }) => [id, outcome, error?.code ?? null])).toEqual([
      ['b', 'refused', 'run/language-unavailable'],
      ['l', 'refused', 'run/language-unavailable'],
      [null, 'refused', 'run/bad-request'],
      ['typo', 'refused', 'run/bad-request'],
      ['not64', 'refused', 'run/bad-request'],
      [null, 'refused', 'run/bad-request'],
      ['good', 'completed', null],
    ]);
    expect(results[2]?.error?.message).toContain('line 3');
  });

  test('refuses a file outside of the session and does not run', async () => {
    const [result] = await exec({
      language: 'python',
      code: 'print("ran")',
      files: { '/mnt/data/../x': base64('x') },
    });
    expect(result).toMatchObject({ outcome: 'refused', stdout: '', error: { code: 'files/bad-path' } });
  });
});

test('the command prints its results only, and fails when a line was no call', async () => {
  const command = spawn(process.execPath, [join(import.meta.dirname, '../../tools/exec.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors = wholeText(command.stderr);
  const output = wholeText(command.stdout);
  command.stdin.end('{"id":1,"language":"python","code":"2 ** 10"}\nnonsense\n');
  await once(command, 'close');
  const lines = (await output).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ id: 1, result: '1024' }),
    expect.objectContaining({ id: null, outcome: 'refused' }),
  ]);
  expect(await errors).toContain('exec: 1 of the lines is no call');
  expect(command.exitCode).toBe(1);
});
