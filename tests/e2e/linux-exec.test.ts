import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenRuns, openRuns } from '../../tools/exec/open-runs.ts';
import { execThrough } from '../support/exec-through.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

let runs: OpenRuns;
beforeAll(async () => {
  runs = await openRuns();
});
afterAll(() => runs[Symbol.asyncDispose]());

const exec = (...lines: readonly object[]) => execThrough(runs, lines);

describe('Linux in the extension', () => {
  beforeAll(needsLinuxImage);
  test('runs bash, keeps its session, and shares the files with Python both ways', async () => {
    const session = 'shell';
    const results = await exec(
      { id: 1, language: 'shell', session, code: 'uname -s; mkdir d; echo "a,b" >d/made.csv; kept=41; cd d' },
      {
        id: 2,
        language: 'python',
        session,
        code: 'open("/mnt/data/d/from-python.txt", "w").write(open("/mnt/data/d/made.csv").read().upper());',
      },
      {
        id: 3,
        language: 'shell',
        session,
        code: 'pwd; cat from-python.txt; echo $((kept + 1)); read -r line; echo "$line"',
        stdin: ['typed'],
      },
      { id: 4, language: 'shell', session, code: 'git --version; python3 -c "print(6 * 7)"; exit 3' },
    );
    expect(results[0]).toMatchObject({ outcome: 'completed', exitCode: 0, stdout: 'Linux\n' });
    expect(results[0]?.artifacts.map(({ path }) => path)).toEqual(['/mnt/data/d/made.csv']);
    expect(results[1]).toMatchObject({ outcome: 'completed', error: null });
    expect(results[2]).toMatchObject({ stdout: '/mnt/data/d\nA,B\n42\ntyped\n', exitCode: 0 });
    expect(results[3]).toMatchObject({ outcome: 'completed', exitCode: 3 });
    expect(results[3]?.stdout).toMatch(/^git version .*\n42\n$/u);
  });

  test('installs plain Python of the extension, with the network closed', async () => {
    const code = `pip install xmltodict > /dev/null && python3 -c "import xmltodict; print(xmltodict.parse('<a>1</a>'))"; pip install numpy`;
    const [result] = await exec({ id: 1, language: 'shell', code, timeoutMs: 180_000 });
    expect(result).toMatchObject({ outcome: 'completed', exitCode: 1, stdout: "{'a': '1'}\n" });
    expect(result?.stderr).toContain(
      'those that are here are for Pyodide, not for this Linux. numpy is not in this Linux',
    );
  }, 240_000);

  test('says what went wrong with a code of its own', async () => {
    const [broken, slow] = await exec(
      { id: 1, language: 'shell', code: 'if true; then' },
      { id: 2, language: 'shell', code: 'while :; do :; done', timeoutMs: 2_000 },
    );
    expect(broken).toMatchObject({ outcome: 'completed', error: { code: 'shell/syntax-error' } });
    expect(slow).toMatchObject({ outcome: 'timedOut', error: { code: 'run/timed-out' } });
  });
});
