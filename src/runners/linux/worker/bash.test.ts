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
    return;
  }
  kill(): void {
    return;
  }
  resize(): void {
    return;
  }
}

function played() {
  const execs: PlayedExec[] = [];
  const bash = new Bash(
    {
      exec(spec) {
        const exec = new PlayedExec(execs.length, spec);
        execs.push(exec);
        return exec;
      },
      readFile: async () => null,
      isBusy: async () => false,
    },
    '/mnt/data',
  );
  const said: string[] = [];
  const take = (bytes: Uint8Array): void => void said.push(new TextDecoder().decode(bytes));
  const output: BashOutput = { onStdout: take, onStderr: take };
  return { bash, execs, said, output };
}

test('a program goes to the bash that waits, which then waits no more', () => {
  const { bash, execs, said, output } = played();
  bash.prepare();
  bash.prepare();
  expect(execs).toHaveLength(1);
  expect(bash.waitingId).toBe(0);
  const exec = bash.start('echo hi', 64, output);
  expect(exec).toBe(execs[0]);
  expect(bash.waitingId).toBeNull();
  expect(execs[0]?.written).toMatch(/^[^\n]*x0\/memory\.max[^\n]* 7 [^\n]*\necho hi$/u);
  void execs[0]?.spec.onStdout?.(new TextEncoder().encode('hi\n'));
  expect(said).toEqual(['hi\n']);
});

test('a program does not wait for a bash that has ended while it waited', async () => {
  const { bash, execs, output } = played();
  bash.prepare();
  execs[0]?.end(KILLED);
  await execs[0]?.done;
  expect(bash.start('true', 64, output)).toBe(execs[1]);
  expect(execs[0]?.written).toBe('');
});

test('a program that comes before a bash was made ready gets one of its own', () => {
  const { bash, execs, output } = played();
  bash.start('true', 64, output);
  bash.start('true', 64, output);
  expect(execs.map(({ written }) => written.endsWith('\ntrue'))).toEqual([true, true]);
});
