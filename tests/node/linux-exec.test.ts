import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GuestStream } from '../../src/container/machine/index.ts';
import { openShell, type Shell, startCollecting } from '../support/linux/node-machine.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const SIGTERM = 15;
const SIGKILL = 9;

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

  test('tell their exit code, and stdout and stderr apart', async () => {
    const ran = await shell.run('echo out; echo err >&2; exit 7');
    expect(ran).toMatchObject({ end: { kind: 'exited', code: 7 }, stdout: 'out\n', stderr: 'err\n' });
  });

  test('that are not there end with 127, those that are no programs with 126', async () => {
    expect((await shell.run(['/bin/nosuch'])).end).toMatchObject({ kind: 'exited', code: 127 });
    expect((await shell.run(['/etc/passwd'])).end).toMatchObject({ kind: 'exited', code: 126 });
    expect((await shell.run(['true'], { cwd: '/nosuch' })).end).toMatchObject({ kind: 'exited', code: 126 });
  });

  test('get their directory, words and variables as they are', async () => {
    const env = { PATH: '/bin', ODD: 'a b"c\n$x ü' };
    const ran = await shell.run(['sh', '-c', 'pwd; echo "$ODD|$1"; env | wc -l', 'sh', " it's "], { cwd: '/tmp', env });
    expect(ran.stdout.startsWith('/tmp\na b"c\n$x ü| it\'s \n')).toBe(true);
  });

  test('run as the user they were given', async () => {
    const ran = await shell.run('id -u; id -g; touch /etc/x', { uid: 1000 });
    expect(ran.stdout).toBe('1000\n1000\n');
    expect(ran.end).toMatchObject({ kind: 'exited', code: 1 });
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

  test('read what they are given, to its end', async () => {
    const { exec, text } = startCollecting(shell.machine, ['/bin/sh', '-c', 'cat; echo done']);
    await exec.writeStdin(bytesOf('hello '));
    await exec.writeStdin(bytesOf('there\n'));
    exec.closeStdin();
    expect(await exec.done).toMatchObject({ kind: 'exited', code: 0 });
    expect(text('stdout')).toBe('hello there\ndone\n');
  });

  test('echo 4 MiB of any bytes unchanged', async () => {
    const sent = new Uint8Array(4 << 20);
    for (let at = 0, x = 1; at < sent.length; at += 1) {
      x = (Math.imul(x, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      sent[at] = x >> 16;
    }
    const got = createHash('sha256');
    const exec = shell.machine.exec({ argv: ['cat'], onStdout: (bytes) => void got.update(bytes) });
    for (let at = 0; at < sent.length; at += 1 << 18) await exec.writeStdin(sent.subarray(at, at + (1 << 18)));
    exec.closeStdin();
    expect(await exec.done).toMatchObject({ kind: 'exited', code: 0 });
    expect(got.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
  });

  test('give 100 MB of output without loss, and no faster than it is taken', async () => {
    let bytes = 0;
    let waiting = 0;
    let most = 0;
    const letGo: (() => void)[] = [];
    const started = shell.machine.exec({
      argv: ['dd', 'if=/dev/zero', 'bs=64k', 'count=1526'],
      onStdout: (piece) => {
        bytes += piece.length;
        waiting += piece.length;
        most = Math.max(most, waiting);
        return new Promise((resolve) => {
          letGo.push(() => {
            waiting -= piece.length;
            resolve();
          });
          // All at once, when half a window waits.
          if (waiting > 1 << 19) for (const each of letGo.splice(0)) each();
        });
      },
    });
    expect(await started.done).toMatchObject({ kind: 'exited', code: 0 });
    expect(bytes).toBe(1526 * 65_536);
    expect(most).toBeLessThanOrEqual(1 << 20);
  });

  test('stop writing when nobody takes it, others go on, and a kill ends them all the same', async () => {
    let bytes = 0;
    let atOnce: () => void = () => undefined;
    const full = new Promise<void>((resolve) => (atOnce = resolve));
    const flood = shell.machine.exec({
      argv: ['yes'],
      onStdout: (piece) => {
        bytes += piece.length;
        if (bytes === 1 << 20) atOnce();
        return new Promise(() => undefined);
      },
    });
    await full;
    expect((await shell.run('echo other')).stdout).toBe('other\n');
    expect(bytes).toBe(1 << 20);
    flood.kill(SIGKILL, true);
    expect(await flood.done).toMatchObject({ kind: 'signalled', signal: SIGKILL });
  });

  test('run eight at once, each with its own output and code', async () => {
    const all = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => shell.run(`for k in 1 2 3; do echo ${n}:$k; sleep 0.1; done; exit ${n}`)),
    );
    all.forEach((ran, index) => {
      const n = index + 1;
      expect(ran).toMatchObject({ end: { code: n }, stdout: `${n}:1\n${n}:2\n${n}:3\n` });
    });
  });

  test('that ignore a signal are ended by SIGKILL, and say which signal it was', async () => {
    const { exec, there } = started(
      ['sh', '-c', 'trap "" TERM; echo up; while :; do sleep 1; done'],
      (t) => t === 'up\n',
    );
    await there;
    exec.kill(SIGTERM, false);
    expect((await shell.run('true')).end).toMatchObject({ code: 0 });
    exec.kill(SIGKILL, true);
    expect(await exec.done).toMatchObject({ kind: 'signalled', signal: SIGKILL });
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

  test('get a terminal of the size that was asked, hear of another, and of ^C', async () => {
    const { exec, text } = startCollecting(shell.machine, ['/bin/sh', '-i'], {
      pty: { columns: 100, rows: 30 },
      env: { PATH: '/bin:/sbin:/usr/bin', TERM: 'xterm' },
    });
    const shown = (part: string) => expect.poll(() => text('stdout')).toContain(part);
    await exec.writeStdin(bytesOf('stty size; tty\n'));
    await shown('30 100');
    await shown('/dev/pts/');
    exec.resize(120, 40);
    await exec.writeStdin(bytesOf('stty size\n'));
    await shown('40 120');
    await exec.writeStdin(bytesOf('echo wait; sleep 100\n'));
    await shown('\nwait');
    await exec.writeStdin(bytesOf('\u0003'));
    await exec.writeStdin(bytesOf('echo after-$((1+1))\nexit 5\n'));
    expect(await exec.done).toMatchObject({ kind: 'exited', code: 5 });
    expect(text('stdout')).toContain('after-2');
    expect(text('stderr')).toBe('');
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

  test('are reached by TCP, and bytes pass both ways to both ends', async () => {
    const server = started(['nc', '-l', '-p', '8123', '-e', 'sh', '-c', 'read a; echo got $a; cat'], () => true);
    let heard = '';
    const connect = () =>
      shell.machine.connect(8123, (bytes) => {
        heard += new TextDecoder().decode(bytes);
      });
    let stream: GuestStream | null = null;
    await expect
      .poll(async () => {
        const made = await connect();
        if (made.ok) stream = made.value;
        return made.ok;
      })
      .toBe(true);
    if (!stream) throw new Error('no stream');
    const open: GuestStream = stream;
    await open.write(bytesOf('one\n'));
    await open.write(bytesOf('two\n'));
    open.end();
    expect(await open.guestEnded).toBe(true);
    expect(heard).toBe('got one\ntwo\n');
    server.exec.kill(SIGKILL, true);
    await server.exec.done;
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
