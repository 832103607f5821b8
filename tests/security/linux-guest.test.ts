import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MachineFailure } from '../../src/container/machine/index.ts';
import { openShell, type Shell, startCollecting } from '../support/linux/node-machine.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const SIGKILL = 9;
const WINDOW_BYTES = 1 << 20;

// Root in a real guest, against its own machine and the host that holds it.
describe('a program with root in the guest', () => {
  beforeAll(needsLinuxImage);
  let shell: Shell;
  const failures: MachineFailure[] = [];
  beforeAll(async () => {
    shell = await openShell({ onFailure: (failure) => failures.push(failure) });
  });
  afterAll(() => shell.machine.dispose());
  afterEach(async () => {
    // Whatever it was, the machine is the same one and works.
    expect((await shell.run('echo well')).stdout).toBe('well\n');
    expect(failures).toEqual([]);
  });

  test('takes all memory there is: it is ended, the agent is not', async () => {
    const ran = await shell.run('tail /dev/zero; echo $?');
    expect(ran.stdout).toBe('137\n');
  });

  test('writes without end on many outputs that nobody takes', async () => {
    let bytes = 0;
    const floods = Array.from({ length: 12 }, () =>
      shell.machine.exec({
        argv: ['yes'],
        onStdout: (piece) => {
          bytes += piece.length;
          return new Promise(() => undefined);
        },
      }),
    );
    await expect.poll(() => bytes).toBe(floods.length * WINDOW_BYTES);
    expect((await shell.run('echo more')).stdout).toBe('more\n');
    expect(bytes).toBe(floods.length * WINDOW_BYTES);
    for (const flood of floods) flood.kill(SIGKILL, true);
    for (const flood of floods) expect(await flood.done).toMatchObject({ kind: 'signalled' });
  });

  test('takes the ports of the console: the agent holds its own, the others lead nowhere', async () => {
    const ran = await shell.run('for p in /dev/vport*; do head -c 200000 /dev/urandom > $p && echo $p taken; done');
    expect(ran.stdout).not.toMatch(/p1 taken/);
    expect(ran.stderr).toContain('busy');
  });

  test('connects to the host without end: what it has no place for is closed', async () => {
    let connections = 0;
    const listening = await shell.machine.listen(8125, () => {
      connections += 1;
      return () => undefined;
    });
    if (!listening.ok) throw new Error(listening.error.kind);
    const flood = startCollecting(shell.machine, [
      'sh',
      '-c',
      'i=0; while [ $i -lt 200 ]; do nc 127.0.0.1 8125 & i=$((i+1)); done; sleep 1; echo done; wait',
    ]);
    await expect.poll(() => flood.text('stdout')).toContain('done');
    expect(connections).toBeLessThan(128);
    flood.exec.kill(SIGKILL, true);
    await flood.exec.done;
    listening.value();
  });
});

describe('a guest that feigns panics', () => {
  beforeAll(needsLinuxImage);
  test('loses its own machine, three times, and then for good', async () => {
    const failures: MachineFailure[] = [];
    const { machine, run } = await openShell({ onFailure: (failure) => failures.push(failure) });
    try {
      for (let round = 1; round <= 4; round += 1) {
        await run('echo; echo "Kernel panic - not syncing: not really" > /dev/hvc0; sleep 5');
        await expect.poll(() => failures).toHaveLength(round);
      }
      expect(failures.map(({ outcome }) => outcome)).toEqual(['restored', 'restored', 'restored', 'gaveUp']);
    } finally {
      await machine.dispose();
    }
  });
});
