import { expect, test } from 'vitest';
import type { Exec, ExecEnd, ExecSpec, ExecStart } from '../../../container/machine/index.ts';
import { Bash, type BashOutput } from './bash.ts';

const STAYS: ExecEnd = {
  kind: 'exited',
  code: 0,
  ms: 1,
  usage: { outOfMemoryKills: 0, peakMemoryKiB: 0, cpuMs: 0 },
  stays: 0,
};

const KILLED: ExecEnd = {
  kind: 'signalled',
  signal: 9,
  ms: 1,
  usage: { outOfMemoryKills: 0, peakMemoryKiB: 0, cpuMs: 0 },
};

class PlayedExec implements Exec {
  readonly id: number;
  readonly spec: ExecSpec;
  readonly pid: Promise<number>;
  readonly started: Promise<ExecStart>;
  readonly done: Promise<ExecEnd>;
  written = '';
  end: (end: ExecEnd) => void = () => undefined;

  constructor(id: number, spec: ExecSpec, pid = id) {
    this.id = id;
    this.pid = Promise.resolve(pid);
    this.started = Promise.resolve({ pid, group: pid + 100, cpuBeforeMs: 0 });
    this.spec = spec;
    this.done = new Promise((resolve) => (this.end = resolve));
  }
  async writeStdin(bytes: Uint8Array): Promise<void> {
    this.written += new TextDecoder().decode(bytes);
  }
  closeStdin(): void {
    this.written += '<end>';
  }
  kill(): void {
    return;
  }
  resize(): void {
    return;
  }
  bound(memoryMB: number): void {
    this.written += `<${memoryMB} MB>`;
  }
}

/** `pids`: of its execs, one after the other; each another where nothing is said. */
function played(files: Readonly<Record<string, string>> = {}, pids: readonly number[] = []) {
  const execs: PlayedExec[] = [];
  const bash = new Bash(
    {
      exec(spec) {
        const exec = new PlayedExec(execs.length, spec, pids[execs.length]);
        execs.push(exec);
        return exec;
      },
      env: { SAID: 'once' },
      readFile: async () => null,
      readBytes: async (path) => (path in files ? new TextEncoder().encode(files[path]) : null),
      isBusy: async () => false,
    },
    '/mnt/data',
  );
  const said: string[] = [];
  const take = (bytes: Uint8Array): void => void said.push(new TextDecoder().decode(bytes));
  const output: BashOutput = { onStdout: take, onStderr: take };
  return { bash, execs, said, output };
}

/** What was read of the guest has been written to its bash: all of it happens in microtasks. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

test('a program goes to the bash that waits, which then waits no more', async () => {
  const { bash, execs, said, output } = played();
  bash.prepare();
  bash.prepare();
  expect(execs).toHaveLength(1);
  expect(bash.waiting?.id).toBe(0);
  await settled();
  const begun = execs[0]?.written ?? '';
  const exec = bash.start({ code: 'echo hi', memoryMB: 64, hasNoInput: false }, output);
  expect(exec.id).toBe(0);
  expect(bash.waiting).toBeNull();
  await settled();
  expect(execs[0]?.written.slice(begun.length)).toMatch(/^<64 MB>p-a-0+7echo hi$/u);
  void execs[0]?.spec.onStdout?.(new TextEncoder().encode('hi\n'));
  expect(said).toEqual(['hi\n']);
});

test('it is started with the same words whatever was kept, for one of an image waits with them', () => {
  const [none, some] = [
    played(),
    played({ '/run/companion-whole': 'a', '/run/companion-kept-a': 'builtin cd -- /\n' }),
  ];
  for (const { bash } of [none, some]) bash.prepare();
  const [asked, again] = [none.execs[0]?.spec, some.execs[0]?.spec];
  expect({ argv: asked?.argv, cwd: asked?.cwd, env: asked?.env }).toEqual({
    argv: again?.argv,
    cwd: '/',
    env: { SAID: 'once', HOME: '/root', LANG: 'C.UTF-8', PATH: expect.any(String) as string, TERM: 'xterm-256color' },
  });
});

test('one where nothing was kept begins where the session does', async () => {
  const { bash, execs } = played();
  bash.prepare();
  await settled();
  expect(execs[0]?.written).toContain("companion_begin '/mnt/data'");
});

test.each([
  ['a', 'c'],
  ['c', 'd'],
])('what the last one kept at %s is given to the next, which keeps at its end at %s', async (last, next) => {
  const kept =
    'builtin cd -- /tmp\ndeclare -ir UID="0"\ndeclare -x SAID="once"\ndeclare -- own="1"\nf () \n{ \n    :\n}\n';
  const { bash, execs } = played({ '/run/companion-whole': last, [`/run/companion-kept-${last}`]: kept });
  bash.prepare();
  await settled();
  const written = execs[0]?.written ?? '';
  expect(written).toContain(
    `builtin cd -- /tmp || builtin cd -- '/mnt/data'; builtin unset OLDPWD; builtin declare -x OLDPWD\ndeclare -- own="1"\nf () \n`,
  );
  expect(written).toContain(`trap '{ companion_keep ${next}; } 2>/dev/null' EXIT`);
});

test('the mask that the last one left is the next one’s, and the usual one is not set again', async () => {
  const begun = async (mask: string): Promise<string> => {
    const files = { '/run/companion-whole': 'a', '/run/companion-kept-a': `umask ${mask}\nbuiltin cd -- /tmp\n` };
    const { bash, execs } = played(files);
    bash.prepare();
    await settled();
    return execs[0]?.written ?? '';
  };
  expect(await begun('0077')).toMatch(/builtin umask 0077\nbuiltin cd -- \/tmp \|\|/u);
  expect(await begun('0022')).not.toContain('umask');
});

test.each([
  [{ ...STAYS, code: 3 }, '(builtin exit 3);builtin eval'],
  [KILLED, '(builtin exit 137);builtin eval'],
])('a program begins with the status of the one before', async (end, words) => {
  const { bash, execs, output } = played();
  const program = { code: 'true', memoryMB: 64, hasNoInput: true };
  bash.start(program, output);
  await settled();
  execs[0]?.end(end);
  await settled();
  bash.prepare();
  bash.start(program, output);
  await settled();
  expect(execs[1]?.written).toContain(words);
});

test('what is longer than the agent reads is read whole', async () => {
  const kept = `builtin cd -- /tmp\ndeclare -- own="${'x'.repeat(20_000)}"\n`;
  const { bash, execs } = played({ '/run/companion-whole': 'b', '/run/companion-kept-b': kept.slice(0, 16_384) });
  bash.prepare();
  await settled();
  expect(execs[1]?.spec.argv).toEqual(['cat', '/run/companion-kept-b']);
  void execs[1]?.spec.onStdout?.(new TextEncoder().encode(kept));
  execs[1]?.end(KILLED);
  await settled();
  expect(execs[0]?.written).toContain(kept.slice(kept.indexOf('declare')));
});

test('a program does not wait for a bash that has ended while it waited', async () => {
  const { bash, execs, output } = played();
  bash.prepare();
  execs[0]?.end(KILLED);
  await execs[0]?.done;
  expect(bash.start({ code: 'true', memoryMB: 64, hasNoInput: false }, output).id).toBe(1);
  await settled();
  expect(execs[0]?.written).not.toContain('true');
});

test('the input of a program comes behind it, however early it was given', async () => {
  const { bash, execs, output } = played();
  const exec = bash.start({ code: 'read line', memoryMB: 64, hasNoInput: false }, output);
  void exec.writeStdin(new TextEncoder().encode('typed\n'));
  exec.closeStdin();
  await settled();
  expect(execs[0]?.written).toMatch(/read linetyped\n<end>$/u);
});

test('a program that comes before a bash was made ready gets one of its own', async () => {
  const { bash, execs, output } = played();
  bash.start({ code: 'true', memoryMB: 64, hasNoInput: false }, output);
  bash.start({ code: 'true', memoryMB: 64, hasNoInput: false }, output);
  await settled();
  expect(execs.map(({ written }) => written.endsWith('true'))).toEqual([true, true]);
});

const TRUE = { code: 'true', memoryMB: 64, hasNoInput: true };
const SETS = { ...TRUE, code: 'a=1' };

/** Runs programs one after the other, each of which ends well; gives what was written for each. */
async function runTimes(
  times: number,
  { bash, execs, output }: ReturnType<typeof played>,
  { program = SETS, end = STAYS } = {},
): Promise<string[]> {
  bash.prepare();
  const written: string[] = [];
  for (let time = 0; time < times; time += 1) {
    await settled();
    const exec = execs.find(({ id }) => id === bash.waiting?.id);
    const before = exec?.written ?? '';
    bash.start(program, output);
    await settled();
    written.push(exec?.written.slice(before.length) ?? '');
    exec?.end(end);
    await settled();
    bash.prepare();
  }
  await settled();
  return written;
}

test('a bash that stays is told nothing again, not even its bound, and keeps by turns at two places', async () => {
  const play = played({}, [7, 7, 7, 7]);
  const [first, second, third] = await runTimes(3, play);
  expect(play.execs.map(({ written }) => written.includes('companion_begin'))).toEqual([true, false, false, false]);
  expect([first, second, third].map((words) => words?.startsWith('<64 MB>'))).toEqual([true, false, false]);
  const heads = [first, second, third].map((words) => /p-[ab]0\d{12}a=1$/u.exec(words ?? '')?.[0]);
  expect(heads).toEqual(['a', 'b', 'a'].map((place) => `p-${place}0000000000003a=1`));
});

test('a program that leaves nothing is told so, and the next place is the same where nothing was kept', async () => {
  const play = played({}, [7, 7, 7, 7, 7, 7]);
  const heads = async (...how: Parameters<typeof runTimes>): Promise<string[]> =>
    (await runTimes(...how)).map((words) => words.slice(-(16 + 4), -4).replaceAll(/\d+$/gu, ''));
  expect(await heads(1, play, { program: { ...TRUE, code: 'a=12' } })).toEqual(['p-a']);
  expect(await heads(2, play, { program: TRUE, end: { ...STAYS, stays: 1 } })).toEqual(['q-b', 'q-b']);
  // There are functions: it was looked after as any other.
  expect(await heads(2, play, { program: TRUE })).toEqual(['q-b', 'q-a']);
});

test('one that was to stay and is gone is followed by one that begins with what was kept', async () => {
  const play = played({ '/run/companion-whole': 'a', '/run/companion-kept-a': 'builtin cd -- /tmp\n' }, [7, 8]);
  await runTimes(1, play);
  expect(play.execs[1]?.written).toContain('builtin cd -- /tmp || ');
  expect(play.execs[1]?.written).toContain('companion_keep c; } 2>/dev/null');
});

test('one goes on so long and no longer, for its stack grows: then it is ended and another begun', async () => {
  const play = played({}, [...Array.from({ length: 101 }, () => 7), 8]);
  await runTimes(100, play);
  expect(play.execs).toHaveLength(102);
  expect(play.execs[100]?.written).toBe('<end>');
  // It may still keep what the next one is to begin with.
  expect(play.execs[101]?.written).toBe('');
  play.execs[100]?.end(KILLED);
  await settled();
  expect(play.execs[101]?.written).toContain('companion_begin');
});
