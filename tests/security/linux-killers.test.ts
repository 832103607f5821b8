import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type RunOptions, type TestSession } from '../support/kit/open-node.ts';
import { PANIC } from '../support/linux/breakdowns.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const runner = (isSmall: boolean) => createLinuxRunner({ source: nodeSource('linux'), isSmall: () => isSmall });
let open: TestSession | null = null;
afterEach(() => {
  open?.dispose();
  open = null;
});

async function session(isSmall = true): Promise<TestSession> {
  open = await openInNode(runner(isSmall));
  return open;
}

async function printed(shell: TestSession, code: string, options: RunOptions = {}): Promise<string> {
  const { outcome, stdout, stderr } = await shell.run(code, options);
  if (outcome.kind !== 'completed') throw new Error(JSON.stringify(outcome));
  return stdout + stderr;
}

/** The machine answers as if nothing had been. */
async function lives(shell: TestSession): Promise<void> {
  expect(await printed(shell, 'echo $((6 * 7))')).toBe('42\n');
}

describe('a program in Linux that wants more than it may', () => {
  beforeAll(needsLinuxImage);
  test('finds no network but its own', async () => {
    const shell = await session();
    // The control: a listener inside is reached the same way.
    const inside =
      'nc -l -p 8000 </dev/null >/tmp/got & sleep 1; echo hello >/dev/tcp/127.0.0.1/8000 && sleep 0.5 && cat /tmp/got';
    expect(await printed(shell, inside)).toBe('hello\n');
    expect(await printed(shell, 'ls /sys/class/net')).toBe('lo\n');
    for (const address of ['1.1.1.1', '192.168.0.1', '10.0.2.2', '169.254.169.254'])
      expect(await printed(shell, `echo x >/dev/tcp/${address}/80`), address).toContain('Network is unreachable');
    expect(await printed(shell, 'echo x >/dev/udp/8.8.8.8/53')).toContain('Network is unreachable');
  });

  test('a fork bomb fills its own run, and ends with it', async () => {
    const shell = await session();
    const { outcome } = await shell.run('bomb() { bomb | bomb & }\nbomb\nwhile :; do sleep 1; done', { timeMs: 6_000 });
    expect(outcome).toMatchObject({ kind: 'timedOut', sessionLost: false });
    await lives(shell);
    expect(Number(await printed(shell, 'ls -d /proc/[0-9]* | wc -l'))).toBeLessThan(100);
  });

  test('a disk that is filled is full, and the machine lives', async () => {
    const shell = await session(false);
    const said = await printed(shell, 'dd if=/dev/zero of=/var/big bs=1M; ls -l /var/big | tr -s " " | cut -d" " -f5', {
      timeMs: 120_000,
    });
    expect(said).toContain('No space left on device');
    expect(Number(/^\d+$/m.exec(said)?.[0])).toBeLessThan(512 * 1024 * 1024);
    await printed(shell, 'rm /var/big');
    await lives(shell);
  });

  test('memory in files of memory is the memory of the run', async () => {
    const shell = await session();
    const { outcome } = await shell.run('dd if=/dev/zero of=/dev/shm/big bs=1M', { memoryMB: 32, timeMs: 60_000 });
    expect(outcome).toMatchObject({ kind: 'completed', error: { code: 'shell/memory' } });
    await lives(shell);
  });

  test('who kills all that it can kill, kills not the machine', async () => {
    const shell = await session();
    // What it may kill it does: 128 and the signal's number.
    expect(await printed(shell, 'sleep 1000 & kill -9 -1; wait $! 2>/dev/null; echo $?')).toContain('137\n');
    await lives(shell);
    await shell.run(
      'trap "" TERM HUP INT; for n in 1 2 3 4 5 6 7 8; do (trap "" TERM; setsid sleep 1000 &) ; done; kill -9 $$',
    );
    await lives(shell);
  });

  test('what is left running of a run that was stopped is ended too', async () => {
    const shell = await session();
    const stop = new AbortController();
    const { outcome } = await shell.run('(trap "" TERM; setsid sh -c "while :; do :; done") & echo go; wait', {
      signal: stop.signal,
      onEvent: (event) => event.kind === 'output' && stop.abort(),
    });
    expect(outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
    expect(await printed(shell, 'ps | grep -c "[w]hile"')).toBe('0\n');
  });

  test('a kernel that panics costs the session, is said, and the next one starts', async () => {
    const shell = await session();
    const { outcome } = await shell.run(PANIC, {
      timeMs: 25_000,
    });
    expect(outcome).toMatchObject({ kind: 'crashed', code: 'linux/lost', sessionLost: true });
    expect('detail' in outcome && outcome.detail).toContain('panicked');
    expect(shell.session.isAlive).toBe(false);
    await lives(await session());
  });

  test('a session that spoils what is kept of it harms itself alone', async () => {
    const shell = await session();
    await printed(shell, 'rm -rf /run/companion*; mkdir /run/companion-{odd,functions,whole,kept-{a,b,c,d}}');
    await lives(shell);
    const other = await openInNode(runner(true));
    await lives(other);
    other.dispose();
  });
});
