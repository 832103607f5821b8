import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { leavesNothing } from '../../src/runners/linux/worker/leaves-nothing.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

beforeAll(needsLinuxImage);

/** What a program may leave in its bash, and a program that shows whether the next one has it. */
const LEFT: readonly (readonly [string, string, RegExp])[] = [
  ['exec 3>/tmp/three', '[ -e /proc/$$/fd/3 ] || echo none', /^none\n$/u],
  ['exec >/dev/null', 'echo shown', /^shown\n$/u],
  ['exec </etc/passwd', 'ls -l /proc/$$/fd/0', /\/dev\/null\n$/u],
  ['set -- one two', 'echo $#', /^0\n$/u],
  ['set -u', 'echo "${nothing-}$nothing."', /^\.\n$/u],
  ['set -o pipefail', 'false | true; echo $?; set -o | grep pipefail', /off\n$/u],
  ['shopt -s extglob', 'shopt extglob', /off\n$/u],
  ['umask 077', 'umask; umask 022', /^0077\n$/u],
  ['ulimit -n 100', 'ulimit -n', /^1024\n$/u],
  [
    'python3 -c "import os; os.setpriority(os.PRIO_PROCESS, $$, 5)" 2>/dev/null',
    'cut -d" " -f19 /proc/self/stat',
    /^0\n$/u,
  ],
  ["trap 'echo caught' USR1", 'trap -p USR1', /^$/u],
  ["trap 'echo each' DEBUG", 'true', /^$/u],
  ['sleep 5 &', 'jobs; echo "jobs: $(jobs -p | wc -l)"', /^jobs: 0\n$/u],
  ['enable -n echo', 'type -t echo', /^builtin\n$/u],
  ['hash -p /bin/false true', 'hash -t true', /^$/u],
  ['python3 -c "import os; os.set_blocking(1, False)" 2>/dev/null', 'seq 1 50000; echo end', /\n50000\nend\n$/u],
  ['FUNCNEST=1', 'echo one; unset FUNCNEST', /^one\n$/u],
  ['readonly SECONDS', 'echo two', /^two\n$/u],
  ['readonly BASH_EXECUTION_STRING', 'echo three', /^three\n$/u],
  ['export LC_ALL=C.UTF-8; readonly LC_ALL', 'echo "é $LC_ALL"; unset LC_ALL', /^é C.UTF-8\n$/u],
  ['rm -rf /run/companion-odd; mkdir /run/companion-odd', 'echo four; rmdir /run/companion-odd', /^four\n$/u],
  ['set +h', 'set -o | grep hashall', /on\n$/u],
  ['for f in $(compgen -A function); do unset -f $f; done 2>/dev/null', 'echo end', /^end\n$/u],
  ['break', 'for n in 1; do continue; done; echo out', /^out\n$/u],
];

describe.each(['full', 'small'] as const)('a bash of the %s image', (image) => {
  let shell: TestSession;
  beforeAll(async () => {
    const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => image === 'small' });
    shell = await openInNode(runner, {});
  });
  afterAll(() => shell.session.dispose());
  const said = async (code: string): Promise<string> => (await shell.run(code)).stdout;
  const pid = async (): Promise<number> => Number(await said('echo $$'));

  test('goes on with the next program where the last ended well, with all that it left there', async () => {
    const first = await pid();
    expect(await said('cd /tmp; own=1; list=(a "b c"); f() { echo "f $own"; }; echo $$')).toBe(`${first}\n`);
    expect(await said('echo $$; pwd; f; echo "${list[1]}"')).toBe(`${first}\n/tmp\nf 1\nb c\n`);
  });

  test('keeps what a program left that showed its commands, be it the first', async () => {
    const other = await openInNode(
      createLinuxRunner({ source: nodeSource('linux'), isSmall: () => image === 'small' }),
      {},
    );
    await other.run('set -x; shown=1; cd /tmp');
    expect((await other.run('echo $shown; pwd')).stdout).toBe('1\n/tmp\n');
    other.session.dispose();
  });

  test('asks nobody for input when its program has ended', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      const { outcome, stdout } = await shell.run(`sleep 0.0${50 + turn * 3}; echo ended`, { stdin: null });
      expect([outcome.kind, stdout]).toEqual(['completed', 'ended\n']);
    }
    expect(await said('echo next')).toBe('next\n');
  });

  test('goes on a while and not for ever, and nobody sees where another begins', async () => {
    const pids = new Set<number>();
    await shell.run('count=0');
    for (let turn = 1; turn <= 110; turn += 1) {
      const [own, count] = (await said('echo $$ $((count += 1))')).split(' ').map(Number);
      expect(count).toBe(turn);
      pids.add(own ?? 0);
    }
    expect(pids.size).toBe(2);
  });

  test.each(['false', 'exit 0', 'exit 3', 'kill -9 $$', 'syntax (', 'set -e; false'])(
    'does not after `%s`, and the next one has what was kept',
    async (code) => {
      await shell.run('before=here');
      const first = await pid();
      await shell.run(code);
      expect(await said('echo "$$ $before"')).not.toBe(`${first} here\n`);
      expect(await said('echo "$before"')).toBe('here\n');
    },
  );

  test.each(LEFT)('leaves nothing of `%s` to the next program', async (code, asks, answer) => {
    await shell.run('kept=1');
    await shell.run(code);
    expect(await said(asks)).toMatch(answer);
    expect(await said('echo $kept')).toBe('1\n');
  });

  test('keeps what it had before programs that leave nothing, however it ends', async () => {
    await shell.run('kept=1; cd /tmp');
    await said('true; ls / | cat');
    await said('echo $kept >/dev/null');
    await shell.run('kept=2; kill -9 $$');
    expect(await said('echo "$kept"; pwd')).toBe('1\n/tmp\n');
    expect(await said('ls /nowhere 2>&1 | wc -l; false')).toBe('1\n');
    expect(await said('set -x; echo "$kept"')).toBe('1\n');
  });

  test('is looked after where a function may have the name of a command', async () => {
    await shell.run('ls() { trap "echo caught" USR1; set -- one; shopt -s extglob; held=$((held + 1)); }');
    await shell.run('ls');
    await shell.run('ls -l');
    expect(await said('trap -p USR1; echo "$# $held"; shopt extglob; unset -f ls')).toMatch(/^0 2\nextglob\s+off\n$/u);
    expect(await said('ls -d /')).toBe('/\n');
  });

  test('says how a program ended whatever its variables are, and runs each', async () => {
    await shell.run('IFS=0123456789');
    expect((await shell.run('false')).outcome).toMatchObject({ exitCode: 1 });
    expect((await shell.run("sh -c 'exit 10'")).outcome).toMatchObject({ exitCode: 10 });
    await shell.run('unset IFS; FUNCNEST=1');
    for (const word of ['one', 'two', 'three']) {
      const { stdout, stderr } = await shell.run(`echo ${word}`);
      expect({ stdout, stderr }).toEqual({ stdout: `${word}\n`, stderr: '' });
      await shell.run(`touch /tmp/${word}; last=${word}`);
    }
    expect(await said('ls /tmp/one /tmp/two /tmp/three; unset FUNCNEST')).toBe('/tmp/one\n/tmp/three\n/tmp/two\n');
  });

  test('looks after a function, whatever becomes of our files', async () => {
    await shell.run(
      "f() { trap 'echo caught' USR1; set -- a b; }; rm -rf /run/companion-functions; ln -s /dev/null /run/companion-functions",
    );
    await shell.run('f');
    expect(await said('trap -p USR1; echo $#; unset -f f')).toBe('0\n');
  });

  test('keeps what it had, however its programs are stopped', async () => {
    await shell.run('n=0; cd /tmp');
    for (let turn = 1; turn <= 40; turn += 1) {
      expect((await shell.run(`n=${turn}`)).outcome).toMatchObject({ exitCode: 0 });
      for (const code of ['true', 'false', 'ls / | cat']) {
        const stop = new AbortController();
        setTimeout(() => stop.abort(), (turn * 7) % 41);
        await shell.run(code, { signal: stop.signal });
      }
      expect(await said('echo "$n"; pwd')).toBe(`${turn}\n/tmp\n`);
    }
  }, 120_000);

  test('has no word or builtin that is taken for a command, but for those that leave nothing', async () => {
    const words = (await said('compgen -b; compgen -k')).trim().split('\n');
    expect(words.length).toBeGreaterThan(80);
    expect(words.filter((word) => leavesNothing(`${word} a`)).sort()).toEqual('echo false pwd true type'.split(' '));
  });

  test('runs what was to be run at the end, and shows no command of ours', async () => {
    expect(await said("trap 'echo bye' EXIT; echo hi")).toBe('hi\nbye\n');
    const { stdout, stderr } = await shell.run("printf 'set -x\\n' >/tmp/shows; . /tmp/shows; echo hi");
    expect({ stdout, stderr }).toEqual({ stdout: 'hi\n', stderr: expect.stringMatching(/^\++ echo hi\n$/u) as string });
  });

  test('takes what is typed for it, and what was not read is not the next program’s', async () => {
    const { stdout } = await shell.run('read line; echo "got $line"', { stdin: ['one', 'two', 'three'] });
    expect(stdout).toBe('got one\n');
    expect(await said('cat; echo end')).toBe('end\n');
    // As long as our own words, and in their place.
    const long = `touch /tmp/was-run; ${'# nothing '.repeat(200)}`;
    expect((await shell.run('read line; echo "got $line"', { stdin: ['one', long, long] })).stdout).toBe('got one\n');
    expect(await said('ls /tmp/was-run 2>/dev/null; echo end')).toBe('end\n');
  });
});
