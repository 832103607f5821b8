import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecEnd } from '../../src/container/machine/index.ts';
import { openShell, type Shell, startCollecting } from '../support/linux/node-machine.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const SIGTERM = 15;
const SIGKILL = 9;
const EINVAL = 22;

/** Beside the container suite (tests/support/container): what only a machine of Node's shows quickly. */
describe('programs in the guest', () => {
  beforeAll(needsLinuxImage);
  let shell: Shell;
  beforeAll(async () => {
    shell = await openShell();
  });
  afterAll(() => shell.machine.dispose());

  /** Resolves when the output so far satisfies the condition. */
  function started(argv: readonly string[], isThere: (stdout: string) => boolean, spec = {}) {
    let tell: () => void = () => undefined;
    const there = new Promise<void>((resolve) => (tell = resolve));
    const { exec, text } = startCollecting(shell.machine, argv, spec, (stdout) => isThere(stdout) && tell());
    return { exec, text, there };
  }

  test('that are not there end with 127, those that are no programs with 126', async () => {
    expect((await shell.run(['/bin/nosuch'])).end).toMatchObject({ kind: 'exited', code: 127 });
    expect((await shell.run(['/etc/passwd'])).end).toMatchObject({ kind: 'exited', code: 126 });
    expect((await shell.run(['true'], { cwd: '/nosuch' })).end).toMatchObject({ kind: 'exited', code: 126 });
  });

  test('may stay when they are done, are given to who asks for the very same, and count for each', async () => {
    const waits =
      'while read -r rounds; do for ((n = 0; n < rounds; n++)); do :; done; echo "$rounds"; kill -s RTMIN 1; done';
    const round = async (rounds: number) => {
      let said = '';
      const onStdout = (bytes: Uint8Array): void => void (said += new TextDecoder().decode(bytes));
      const exec = shell.machine.exec({ argv: ['bash', '-c', waits], mayStay: true, onStdout });
      await exec.writeStdin(bytesOf(`${rounds}\n`));
      const end = await exec.done;
      const cpuMs = 'usage' in end ? end.usage.cpuMs : Number.NaN;
      return { said, end, started: await exec.started, cpuMs };
    };
    const [busy, idle] = [await round(200_000), await round(1)];
    expect([busy.said, idle.said]).toEqual(['200000\n', '1\n']);
    expect(busy.end).toMatchObject({ kind: 'exited', code: 0, stays: 0 });
    expect(idle.started).toMatchObject({ pid: busy.started?.pid, group: busy.started?.group });
    expect(idle.started?.cpuBeforeMs).toBeCloseTo(busy.cpuMs);
    expect(idle.cpuMs).toBeLessThan(busy.cpuMs / 4);
    // Another asks for something else, and gets a process of its own; what stayed is ended by a signal to its exec.
    expect((await shell.run(['true'])).end).toMatchObject({ kind: 'exited', code: 0 });
    const last = shell.machine.exec({ argv: ['bash', '-c', waits], mayStay: true });
    expect(await last.pid).toBe(busy.started?.pid);
    last.kill(SIGKILL, true);
    expect(await last.done).toMatchObject({ kind: 'signalled', signal: SIGKILL });
    // It may say by another signal that it is what it was.
    const other = shell.machine.exec({ argv: ['bash', '-c', 'kill -s RTMIN+1 1; read -r x'], mayStay: true });
    expect(await other.done).toMatchObject({ kind: 'exited', code: 0, stays: 1 });
    const anew = await round(1);
    expect(anew.started?.pid).not.toBe(busy.started?.pid);
    expect(anew.started?.cpuBeforeMs).toBe(0);
  });

  test('end by a signal that comes as they are started, each time', async () => {
    for (const signal of [SIGTERM, SIGKILL, SIGTERM, SIGKILL]) {
      const exec = shell.machine.exec({ argv: ['/bin/sh', '-c', 'sleep 60'] });
      exec.kill(signal, true);
      expect(await exec.done).toMatchObject({ kind: 'signalled', signal });
    }
  });

  test('have their short lines in few pieces, and both streams in the order in which they were printed', async () => {
    let pieces = 0;
    const spec = { onStdout: () => void (pieces += 1) };
    const flood = shell.machine.exec({
      argv: ['/bin/bash', '-c', 'for ((n = 0; n < 2000; n++)); do echo $n; done'],
      ...spec,
    });
    expect(await flood.done).toMatchObject({ kind: 'exited', code: 0 });
    expect(pieces).toBeLessThan(1000);

    let both = '';
    const add = (bytes: Uint8Array): void => void (both += new TextDecoder().decode(bytes));
    const mixed = 'echo a; echo b; echo c >&2; echo d >&2; echo e; echo f >&2; echo g';
    const exec = shell.machine.exec({ argv: ['/bin/bash', '-c', mixed], onStdout: add, onStderr: add });
    await exec.done;
    expect(both.replaceAll('\n', '')).toBe('abcdefg');
  });

  test('that print a flood are not held up: the processor of the machine hardly rests meanwhile', async () => {
    const before = await shell.machine.survey(false);
    let bytes = 0;
    const exec = shell.machine.exec({
      // A pipe's whole room at a time, of which two frames leave a few bytes.
      argv: ['dd', 'if=/dev/zero', 'bs=64k', 'count=256'],
      onStdout: (piece) => void (bytes += piece.length),
    });
    expect(await exec.done).toMatchObject({ kind: 'exited', code: 0 });
    const after = await shell.machine.survey(false);
    expect(bytes).toBe(256 * 65_536);
    expect(after.idleMs - before.idleMs).toBeLessThan((after.busyMs - before.busyMs) / 4);
  });

  test('are ended with all that they started, also what left their session, and after their own end', async () => {
    const members = async (id: number): Promise<number> => {
      try {
        const list = await shell.machine.readFile(`/sys/fs/cgroup/x${id}/cgroup.procs`);
        return new TextDecoder().decode(list).split('\n').length - 1;
      } catch (error) {
        expect(error).toMatchObject({ failure: { kind: 'errno', errno: 2 } });
        return 0;
      }
    };
    const script = 'setsid sleep 4321 >/dev/null 2>&1 & setsid sleep 4321 >/dev/null 2>&1 & echo x';
    const first = started(['sh', '-c', `${script}; sleep 4321`], (text) => text === 'x\n');
    await first.there;
    expect(await members(first.exec.id)).toBeGreaterThan(2);
    first.exec.kill(SIGKILL, true);
    expect(await first.exec.done).toMatchObject({ kind: 'signalled' });
    await expect.poll(() => members(first.exec.id)).toBe(0);
    const second = started(['sh', '-c', script], () => true);
    expect(await second.exec.done).toMatchObject({ kind: 'exited', code: 0 });
    expect(await members(second.exec.id)).toBe(2);
    second.exec.kill(SIGKILL, true);
    await expect.poll(() => members(second.exec.id)).toBe(0);
  });

  test('may be bounded as they run, and do not go on where Linux refuses that', async () => {
    const other = await openShell();
    const bounded = async (before: string): Promise<{ readonly id: number; readonly end: ExecEnd }> => {
      const script = `${before}; sleep 4323 & echo ready; read line; tail /dev/zero`;
      const { exec } = startCollecting(other.machine, ['/bin/sh', '-c', script], { memoryMB: 0 }, (stdout) => {
        if (stdout !== 'ready\n') return;
        exec.bound(16);
        void exec.writeStdin(bytesOf('go\n'));
      });
      return { id: exec.id, end: await exec.done };
    };
    expect((await bounded(':')).end).toMatchObject({ usage: { outOfMemoryKills: 1 } });
    const refused = await bounded('mount -o remount,ro /sys/fs/cgroup');
    expect(refused.end).toMatchObject({
      kind: 'signalled',
      signal: SIGKILL,
      usage: { outOfMemoryKills: 0 },
    });
    const members = () => other.machine.readFile(`/sys/fs/cgroup/x${refused.id}/cgroup.procs`);
    await expect.poll(async () => (await members()).length).toBe(0);
    await other.machine.dispose();
  });

  test('are bounded in memory, and it is told that this ended them', async () => {
    const ran = await shell.run('head -c 24000000 /dev/zero | tail -n 1 >/dev/null; echo $?', { memoryMB: 16 });
    // Where the first program's memory is not free in time, the kernel ends the next of the group: the shell.
    if (ran.end.kind === 'signalled') expect(ran.end.signal).toBe(SIGKILL);
    else if (ran.end.kind === 'exited') expect(ran.stdout).toBe('137\n');
    else throw new Error(ran.end.kind);
    expect(ran.end.usage.outOfMemoryKills).toBeGreaterThanOrEqual(1);
    expect(ran.end.usage.peakMemoryKiB).toBeLessThanOrEqual(16 * 1024);
  });

  test('are bounded in number, and others start meanwhile', async () => {
    const { exec, there } = started(
      ['sh', '-c', 'i=0; while [ $i -lt 40 ]; do sleep 4322 & i=$((i+1)); done; echo all; wait'],
      () => true,
      { processes: 10 },
    );
    expect(await exec.done).toMatchObject({ kind: 'exited', code: 2 });
    void there;
    exec.kill(SIGKILL, true);
    expect((await shell.run('echo more')).stdout).toBe('more\n');
  });

  test('are not started where Linux does not take their bounds, and leave nothing behind', async () => {
    // More processes than Linux of 32 bits has numbers for.
    const exec = shell.machine.exec({ argv: ['true'], processes: 100_000 });
    expect(await exec.done).toMatchObject({ kind: 'refused', errno: EINVAL });
    expect((await shell.run(`ls -d /sys/fs/cgroup/x${exec.id}`)).stdout).toBe('');
    expect((await shell.run('echo more')).stdout).toBe('more\n');
  });

  test('see a terminal end by ^D', async () => {
    const { exec, text } = startCollecting(shell.machine, ['cat'], { pty: { columns: 80, rows: 24 } });
    await exec.writeStdin(bytesOf('line\n'));
    await expect.poll(() => text('stdout')).toContain('line\r\nline');
    exec.closeStdin();
    expect(await exec.done).toMatchObject({ kind: 'exited', code: 0 });
  });

  test('have a pid, and their group by the id of the exec', async () => {
    const { exec, there } = started(['sh', '-c', 'echo up; read x'], (t) => t === 'up\n');
    await there;
    const pid = await exec.pid;
    const group = await shell.machine.readFile(`/proc/${pid}/cgroup`);
    expect(new TextDecoder().decode(group)).toBe(`0::/x${exec.id}\n`);
    exec.closeStdin();
    await exec.done;
  });

  test('that do not listen refuse with their errno', async () => {
    expect(await shell.machine.connect(9, () => undefined)).toEqual({
      ok: false,
      error: { kind: 'errno', errno: 111 },
    });
  });

  test('reach a listener at the host', async () => {
    const listening = await shell.machine.listen(8124, (stream) => async (bytes) => {
      await stream.write(bytesOf(`host heard ${new TextDecoder().decode(bytes)}`));
      stream.end();
    });
    if (!listening.ok) throw new Error(listening.error.kind);
    expect((await shell.run('echo ping | nc 127.0.0.1 8124')).stdout).toBe('host heard ping\n');
    listening.value();
    await expect.poll(async () => (await shell.run('nc 127.0.0.1 8124')).end).toMatchObject({ code: 1 });
  });

  test('with more words than Linux takes are refused, and the machine goes on', async () => {
    const tooLong = await shell.run(['echo', 'x'.repeat(5 << 20)]);
    expect(tooLong.end).toMatchObject({ kind: 'refused', errno: 7 });
    expect((await shell.run(['echo', ...Array<string>(70_000).fill('')])).end).toMatchObject({ kind: 'refused' });
    // Of one word Linux takes 128 KiB.
    const word = await shell.run(['echo', 'x'.repeat(200_000)]);
    expect(word).toMatchObject({ end: { kind: 'exited', code: 126 }, stderr: 'echo: Argument list too long\n' });
    expect((await shell.run(['echo', 'x'.repeat(100_000)])).stdout).toHaveLength(100_001);
  });

  test('with a zero byte in their words are a bug of ours', () => {
    expect(() => shell.machine.exec({ argv: ['a\0b'] })).toThrow(RangeError);
  });
});
