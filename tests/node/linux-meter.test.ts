import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { METER_THRESHOLDS, type MachineReport } from '../../src/contracts/meter.ts';
import { MachineMeter } from '../../src/host/machine-meter.ts';
import type { NetworkGate } from '../../src/host/network/index.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { openShell } from '../support/linux/node-machine.ts';
import { bash, openImage } from '../support/linux/open-image.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { startLoopback } from '../support/loopback-server.ts';
import { openGate } from '../support/open-gate.ts';

const SESSION = sessionIdOf('test');
const ORIGIN = 'https://api.example.org';
const MB = 1024 * 1024;
/** Two looks of the guest, and time for a slow device. */
const SAMPLED = { timeout: 60_000, interval: 200 };

const open: TestSession[] = [];
beforeAll(needsLinuxImage);
afterEach(() => {
  for (const shell of open.splice(0)) shell.dispose();
});

interface Metered {
  readonly shell: TestSession;
  readonly report: () => MachineReport;
  /** The next sample that is like this. */
  readonly sampled: (is: (last: MachineReport['samples'][number]) => boolean) => Promise<void>;
}

/** A real machine with the host's own meter, before the real gate. */
async function metered(image: 'full' | 'small', gate?: NetworkGate, worker?: string): Promise<Metered> {
  const source = nodeSource('linux', worker);
  const shell = await openInNode(createLinuxRunner({ source, isSmall: () => image === 'small' }));
  open.push(shell);
  const meter = new MachineMeter({
    carried: () => gate?.carried(SESSION, 'test') ?? { sentBytes: 0, receivedBytes: 0, requests: 0 },
    now: () => Date.now(),
  });
  meter.watch(SESSION, shell.session);
  const report = (): MachineReport => meter.report(SESSION) ?? { samples: [], alerts: [], isResting: false };
  const sampled: Metered['sampled'] = async (is) => {
    const { length } = report().samples;
    await expect.poll(() => report().samples.slice(length).some(is), SAMPLED).toBe(true);
  };
  return { shell, report, sampled };
}

describe('the meter of a machine', () => {
  test('tells what memory, processor, disk and network it uses, every five seconds, and alerts of what is short', async () => {
    const server = await startLoopback((_request, response) => response.end(Buffer.alloc(100_000)));
    const gate = await openGate([ORIGIN], { [ORIGIN]: server.origin });
    const network = gate.forRun(SESSION, 'test');
    const { shell, report, sampled } = await metered('full', gate);
    const run = async (code: string): Promise<string> => {
      const { outcome, stdout, stderr } = await shell.run(code, { network, timeMs: 120_000 });
      expect({ outcome, stderr }).toMatchObject({ outcome: { kind: 'completed', exitCode: 0 } });
      return stdout;
    };
    await sampled(({ cpuShare }) => cpuShare < 0.3);
    const idle = report().samples.at(-1);
    expect(report().alerts).toEqual([]);
    // The guest's own words for the same.
    const [totalKiB = 0, diskKiB = 0] = (
      await run(`awk '/^MemTotal/ { print $2 }' /proc/meminfo; df -k / | awk 'NR == 2 { print $2 }'`)
    )
      .split('\n')
      .map(Number);
    expect(idle).toMatchObject({ memoryMostBytes: totalKiB * 1024, storageMostBytes: diskKiB * 1024 });

    await run('(while :; do :; done) >/dev/null 2>&1 & echo $! >/tmp/busy');
    await sampled(({ cpuShare }) => cpuShare > METER_THRESHOLDS.cpu);
    expect(report().alerts).toEqual(['cpu']);
    await run('kill "$(cat /tmp/busy)"');

    // Files in memory: no program holds them, and none may be ended for them. Each program may take a part of it.
    await run('mkdir /run/full; mount -t tmpfs -o size=100% full /run/full');
    const fill = (part: number) =>
      run(
        `head -c "$(awk '/^MemTotal/ { all = $2 } /^MemAvailable/ { print int(($2 - all * 0.14) * ${part}) }' /proc/meminfo)K" /dev/zero >/run/full/${part}`,
      );
    await fill(0.5);
    await fill(1);
    await sampled(({ memoryBytes, memoryMostBytes }) => memoryBytes / memoryMostBytes > METER_THRESHOLDS.memory);
    expect(report().alerts).toContain('memory');
    await run('umount /run/full');

    await run(`fallocate -l "$(df -k / | awk 'NR == 2 { print int($4 * 0.9) }')K" /root/full`);
    await sampled(({ storageBytes, storageMostBytes }) => storageBytes / storageMostBytes > METER_THRESHOLDS.storage);
    expect(report().alerts).toContain('storage');
    await run('rm /root/full');

    await run('curl -sf https://api.example.org/bytes | wc -c');
    await sampled(({ requests }) => requests === 1);
    const last = report().samples.at(-1);
    expect(last?.receivedBytes).toBe(100_000);
    expect(last?.sentBytes).toBeGreaterThan(0);
    expect(report().alerts.filter((alert) => alert !== 'cpu')).toEqual([]);
    expect((last?.storageBytes ?? 0) - (idle?.storageBytes ?? 0)).toBeLessThan(5 * MB);

    const times = report().samples.map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, before) => at - (times[before] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(LIMITS.meterEveryMs.standard / 2);
    await server.close();
  }, 300_000);

  test('does not keep a machine from standing still, and neither asks nor wakes one that stands', async () => {
    const { shell, report } = await metered('small', undefined, 'tests/support/linux/slow-rest.ts');
    await shell.run('cd /tmp');
    await expect.poll(() => report().isResting, SAMPLED).toBe(true);
    const { length } = report().samples;
    expect(length).toBeGreaterThan(0);
    // As long as another one tells three times.
    const other = await metered('small');
    await expect.poll(() => other.report().samples.length, SAMPLED).toBe(3);
    expect(report()).toMatchObject({ isResting: true, alerts: [] });
    expect(report().samples).toHaveLength(length);
    // It goes on, and is metered again.
    await shell.run('true');
    await expect.poll(() => report().samples.length, SAMPLED).toBeGreaterThan(length);
  }, 120_000);
});

describe('a look at a machine', () => {
  test('gives back what caches hold where that is asked for, and ends nothing', async () => {
    const machine = await openImage('full');
    const cachedMB = async (): Promise<number> => {
      const said = new TextDecoder().decode(await machine.readFile('/proc/meminfo'));
      return Number(/^Cached: +(\d+)/mu.exec(said)?.[1]) / 1024;
    };
    const left = await bash(
      machine,
      'head -c 30m /dev/zero >~/kept && sync ~/kept && (sleep 100 >/dev/null 2>&1 & echo $!)',
    );
    await machine.survey(false);
    const before = await cachedMB();
    expect(before).toBeGreaterThan(30);
    const survey = await machine.survey(true);
    expect(await cachedMB()).toBeLessThan(before - 25);
    // Caches are none of what is in use.
    expect(survey.availableBytes).toBeGreaterThan(survey.memoryBytes / 2);
    expect((await bash(machine, `kill -0 ${left.stdout}`)).code).toBe(0);
    await machine.dispose();
  }, 60_000);

  test('costs less than a hundredth of a core at one look in five seconds', async () => {
    const { machine } = await openShell();
    const LOOKS = 200;
    const spent = async (act: () => Promise<void>): Promise<number> => {
      const before = process.cpuUsage();
      await act();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const looks = async (): Promise<void> => {
      for (let look = 0; look < LOOKS; look += 1) await machine.survey(false);
    };
    await looks(); // what asks is compiled by now
    const costMs = Math.min(await spent(looks), await spent(looks), await spent(looks)) / LOOKS;
    expect(costMs).toBeLessThan(LIMITS.meterEveryMs.standard / 100);
    await machine.dispose();
  }, 60_000);
});
