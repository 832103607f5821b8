import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MachineError, type MachineFailure, openMachine } from '../../src/container/machine/index.ts';
import { MAX_RESTARTS } from '../../src/container/machine/machine.ts';
import { V86_VERSION } from '../../src/container/machine/v86.ts';
import { openShell, type Shell, smallParts, startCollecting } from '../support/linux/node-machine.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

test('the inner names of v86 that the machine uses are those of the version that is installed', () => {
  const manifest = readFileSync(join(import.meta.dirname, '../../node_modules/v86/package.json'), 'utf8');
  expect((JSON.parse(manifest) as { version: string }).version).toBe(V86_VERSION);
});

describe('a machine', () => {
  beforeAll(needsLinuxImage);
  const open: Shell[] = [];
  afterEach(async () => {
    for (const shell of open.splice(0)) await shell.machine.dispose();
  });

  async function opened(options: Parameters<typeof openShell>[0] = {}) {
    const failures: MachineFailure[] = [];
    const shell = await openShell({ onFailure: (failure) => failures.push(failure), ...options });
    open.push(shell);
    return { ...shell, failures };
  }

  const PANIC = 'echo c > /proc/sysrq-trigger';

  test('has the time it is told, and random numbers of its own', async () => {
    const now = Date.UTC(2031, 4, 6, 7, 8, 9);
    const [a, b] = [await opened({ now: () => now }), await opened()];
    expect((await a.run('date -u +%Y-%m-%dT%H:%M')).stdout).toBe('2031-05-06T07:08\n');
    const draw = 'head -c 16 /dev/urandom | md5sum';
    expect((await a.run(draw)).stdout).not.toBe((await b.run(draw)).stdout);
  });

  test('goes back to its state at a reset: what ran is lost, what was written is gone, timers go on', async () => {
    const { machine, run } = await opened();
    await run('echo mine > /tmp/mine');
    const sleeper = machine.exec({ argv: ['sleep', '100'] });
    const CLOCK = 'cut -d" " -f1 /proc/uptime';
    const count = 'i=0; while [ $i -lt 300 ]; do i=$((i+1)); done';
    for (let round = 0; round < 3; round += 1) {
      await machine.reset();
      const { stdout } = await run(`ls /tmp/mine; ${CLOCK}; ${count}; ${CLOCK}; sleep 0.1; ${CLOCK}`);
      const [first = 0, second = 0, third = 0] = stdout.trim().split('\n').map(Number);
      expect([first > 0, second > first, third >= second + 0.1]).toEqual([true, true, true]);
    }
    expect((await sleeper.done).kind).toBe('lost');
  });

  test('is put back after a panic, and says what was seen', async () => {
    const { run, failures } = await opened();
    expect((await run(PANIC)).end.kind).toBe('lost');
    await expect.poll(() => failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ outcome: 'restored', restarts: 1, loss: { kind: 'panicked' } });
    expect(failures[0]?.loss.detail).toContain('Kernel panic');
    expect((await run('echo alive')).stdout).toBe('alive\n');
  });

  test(`is given up after ${MAX_RESTARTS} restarts; what is asked of it then is lost at once`, async () => {
    const { machine, run, failures } = await opened();
    for (let round = 1; round <= MAX_RESTARTS + 1; round += 1) {
      await run(PANIC);
      await expect.poll(() => failures).toHaveLength(round);
    }
    expect(failures.map(({ outcome }) => outcome)).toEqual(['restored', 'restored', 'restored', 'gaveUp']);
    expect(machine.phase).toBe('failed');
    expect((await run('true')).end.kind).toBe('lost');
    expect(await machine.connect(80, () => undefined)).toMatchObject({ ok: false, error: { kind: 'lost' } });
    await expect(machine.readFile('/proc/uptime')).rejects.toThrow(MachineError);
    await expect(machine.reset()).rejects.toThrow(MachineError);
  });

  test('that says nothing any more is put back', async () => {
    const { run, failures } = await opened({ hangMs: 3_000 });
    // The agent alone is frozen; its kernel lives.
    const freeze = 'cd /sys/fs/cgroup; mkdir cold; echo 1 > cold/cgroup.procs; echo 1 > cold/cgroup.freeze; sleep 1000';
    expect((await run(freeze)).end.kind).toBe('lost');
    await expect.poll(() => failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ outcome: 'restored', loss: { kind: 'hung' } });
    expect((await run('echo well')).stdout).toBe('well\n');
  });

  test('stands still while it is stopped and goes on as if nothing had been, with the time of now', async () => {
    const { machine, run } = await opened();
    let text = '';
    const counter = startCollecting(
      machine,
      ['sh', '-c', 'while :; do echo x; sleep 0.05; done'],
      {},
      (all) => (text = all),
    );
    await expect.poll(() => text.length).toBeGreaterThan(4);
    await machine.stop();
    const at = text.length;
    expect(machine.phase).toBe('stopped');
    await new Promise((resolve) => setImmediate(resolve));
    expect(text.length).toBe(at);
    await machine.run();
    await expect.poll(() => text.length).toBeGreaterThan(at);
    const began = Math.floor(Date.now() / 1000);
    const seconds = Number((await run('date +%s')).stdout);
    // Both ends are read by the same clock.
    expect(seconds).toBeGreaterThanOrEqual(began - 1);
    expect(seconds).toBeLessThanOrEqual(Date.now() / 1000 + 1);
    counter.exec.kill(9, true);
    await counter.exec.done;
  });

  test('has the time that it is when it goes on, however long it stood', async () => {
    let now = Date.UTC(2031, 4, 6, 7, 8, 9);
    const { machine, run } = await opened({ now: () => now });
    await machine.stop();
    now += 40 * 24 * 3_600_000;
    await machine.run();
    expect((await run('date -u +%Y-%m-%dT%H:%M')).stdout).toBe('2031-06-15T07:08\n');
    expect((await run('sleep 0.05; echo on')).stdout).toBe('on\n');
  });

  test('saved is what another goes on from', async () => {
    const first = await opened();
    await first.run('echo kept > /root/kept');
    expect(await first.machine.zeroFree(true)).toBeGreaterThan(10);
    const state = await first.machine.save();
    expect((await first.run('cat /root/kept')).stdout).toBe('kept\n');
    expect(state.length).toBeLessThan(30 << 20);
    const second = await opened({ state: () => Promise.resolve(state) });
    expect((await second.run('cat /root/kept')).stdout).toBe('kept\n');
  });

  test('saved while it is told something long has heard all of it, and so has what is restored of that', async () => {
    const first = await opened();
    // A frame of 1.2 MB, of which the guest takes 64 KiB a time.
    const long = first.machine.exec({ argv: ['true', ...Array<string>(12).fill('x'.repeat(100_000))] });
    const state = await first.machine.save();
    expect(await long.done).toMatchObject({ kind: 'exited', code: 0 });
    const second = await opened({ state });
    expect((await second.run('echo well')).stdout).toBe('well\n');
  });

  test('reads small files of the guest, and says errnos', async () => {
    const { machine } = await opened();
    expect(new TextDecoder().decode(await machine.readFile('/proc/meminfo'))).toMatch(/^MemTotal: /);
    await expect(machine.readFile('/nosuch')).rejects.toMatchObject({ failure: { kind: 'errno', errno: 2 } });
    await expect(machine.unmount('/root', false)).rejects.toMatchObject({ failure: { kind: 'errno', errno: 22 } });
  });

  test('mounts what it should after each restore', async () => {
    const mounts = [{ source: 'none', target: '/mnt/deep/here', type: 'tmpfs', options: 'size=1m' }];
    const { machine, run } = await opened({ mounts });
    expect((await run('grep -c /mnt/deep/here /proc/mounts')).stdout).toBe('1\n');
    await machine.unmount('/mnt/deep/here', false);
    await machine.reset();
    expect((await run('grep -c /mnt/deep/here /proc/mounts')).stdout).toBe('1\n');
  });

  test('hands requests of its share out, and drops answers that come too late', async () => {
    const asked: number[] = [];
    const replies: (() => void)[] = [];
    const { machine, run } = await opened({
      // Tversion is answered with Rlerror ENOENT, whenever the test likes.
      share: (request, reply) => {
        asked.push(request[4] ?? 0);
        const answer = new Uint8Array([11, 0, 0, 0, 7, request[5] ?? 0, request[6] ?? 0, 2, 0, 0, 0]);
        replies.push(() => reply(answer));
        if (asked.length === 1) reply(answer);
      },
    });
    const mount = { source: 'host9p', target: '/mnt/data', type: '9p', options: 'trans=virtio,version=9p2000.L' };
    await expect(machine.mount(mount)).rejects.toMatchObject({ failure: { kind: 'errno', errno: 2 } });
    expect(asked).toEqual([100]);
    const never = machine.mount(mount).catch((error: unknown) => error);
    await expect.poll(() => asked.length).toBe(2);
    await machine.reset();
    expect(await never).toBeInstanceOf(MachineError);
    for (const each of replies) each();
    expect((await run('echo well')).stdout).toBe('well\n');
  });

  test('says so when its state is none', async () => {
    await expect(openMachine({ ...smallParts(), state: new Uint8Array(1000) })).rejects.toThrow(MachineError);
  });

  test('ended, it has lost everything and can be ended again', async () => {
    const { machine } = await opened();
    const exec = machine.exec({ argv: ['sleep', '100'] });
    await machine.dispose();
    await machine.dispose();
    expect((await exec.done).kind).toBe('lost');
    expect((await machine.exec({ argv: ['true'] }).done).kind).toBe('lost');
  });
});
