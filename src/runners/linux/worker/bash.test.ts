import { expect, test } from 'vitest';
import type { Exec, ExecEnd, ExecSpec } from '../../../container/machine/index.ts';
import { Bash, type BashOutput } from './bash.ts';

const KILLED: ExecEnd = {
  kind: 'signalled',
  signal: 9,
  ms: 1,
  usage: { outOfMemoryKills: 0, peakMemoryKiB: 0, cpuMs: 0 },
};

class PlayedExec implements Exec {
  readonly id: number;
  readonly spec: ExecSpec;
  readonly pid = Promise.resolve(1);
  readonly done: Promise<ExecEnd>;
  written = '';
  end: (end: ExecEnd) => void = () => undefined;

  constructor(id: number, spec: ExecSpec) {
    this.id = id;
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
}

function played(files: Readonly<Record<string, string>> = {}) {
  const execs: PlayedExec[] = [];
  const bash = new Bash(
    {
      exec(spec) {
        const exec = new PlayedExec(execs.length, spec);
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
  expect(bash.waitingId).toBe(0);
  await settled();
  const begun = execs[0]?.written ?? '';
  const exec = bash.start('echo hi', 64, output);
  expect(exec.id).toBe(0);
  expect(bash.waitingId).toBeNull();
  await settled();
  expect(execs[0]?.written.slice(begun.length)).toMatch(/^[^\n]*x0\/memory\.max[^\n]* 7 [^\n]*echo hi$/u);
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
  expect(execs[0]?.written).toContain("builtin cd -- '/mnt/data'; builtin unset OLDPWD");
  expect(execs[0]?.written).toContain('>|/run/companion-kept-a ');
});

test('what the last one kept is given to the next, which keeps at the other place', async () => {
  const kept =
    'builtin cd -- /tmp\ndeclare -ir UID="0"\ndeclare -x SAID="once"\ndeclare -- own="1"\nf () \n{ \n    :\n}\n';
  const { bash, execs } = played({ '/run/companion-whole': 'a', '/run/companion-kept-a': kept });
  bash.prepare();
  await settled();
  const written = execs[0]?.written ?? '';
  expect(written).toContain(
    `builtin cd -- /tmp || builtin cd -- '/mnt/data'; builtin unset OLDPWD; builtin declare -x OLDPWD\ndeclare -- own="1"\nf () \n`,
  );
  expect(written).toContain('>|/run/companion-kept-b ');
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
  expect(bash.start('true', 64, output).id).toBe(1);
  await settled();
  expect(execs[0]?.written).not.toContain('true');
});

test('the input of a program comes behind it, however early it was given', async () => {
  const { bash, execs, output } = played();
  const exec = bash.start('read line', 64, output);
  void exec.writeStdin(new TextEncoder().encode('typed\n'));
  exec.closeStdin();
  await settled();
  expect(execs[0]?.written).toMatch(/read linetyped\n<end>$/u);
});

test('a program that comes before a bash was made ready gets one of its own', async () => {
  const { bash, execs, output } = played();
  bash.start('true', 64, output);
  bash.start('true', 64, output);
  await settled();
  expect(execs.map(({ written }) => written.endsWith('true'))).toEqual([true, true]);
});
