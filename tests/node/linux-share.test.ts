import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createShare, type Share } from '../../src/container/share/index.ts';
import type { SessionFiles } from '../../src/contracts/files.ts';
import { hasLinuxImage } from '../support/linux-image.ts';
import { GUEST_BENCH, GUEST_CHECKS } from '../support/share/guest-checks.ts';
import { type LinuxGuest, startLinuxGuest } from '../support/share/linux-guest.ts';
import { filesInMemory } from '../support/workspace/memory-tree.ts';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

describe.runIf(hasLinuxImage)('the workspace in a real guest', () => {
  let files: SessionFiles;
  let share: Share;
  let guest: LinuxGuest;
  beforeAll(async () => {
    files = filesInMemory();
    share = createShare({ files });
    guest = await startLinuxGuest((request, reply) => void share.handle(request).then(reply));
  });
  afterAll(async () => {
    await guest.machine.dispose();
    share.dispose();
  });

  const put = (path: string, text: string) =>
    files.perform({ op: 'write', path, position: 0, bytes: ENCODER.encode(text), truncateTo: 0 });
  const textIn = async (path: string) => {
    const answer = await files.perform({ op: 'read', path, position: 0, length: 1_000_000 });
    return answer.ok ? DECODER.decode(answer.bytes) : answer.errno;
  };

  test.each(GUEST_CHECKS)('%s', async (_name, command, prints) => {
    const { out, err, code } = await guest.bash(command);
    expect({ out, err, code }).toMatchObject({ out: prints });
  });

  test('what a user makes is its own', async () => {
    await guest.bash('mkdir -p pub; chmod 777 pub');
    const { out } = await guest.bash('echo u > pub/u; stat -c "%u %g %a" pub/u; id -u', { uid: 1000 });
    expect(out).toBe('1000 1000 644\n1000\n');
  });

  test('what others write is there at once, in open files too', async () => {
    await put('n.txt', 'one');
    expect((await guest.bash('cat n.txt; stat -c " %s" n.txt')).out).toBe('one 3\n');
    await put('n.txt', 'three');
    expect((await guest.bash('cat n.txt; stat -c " %s" n.txt')).out).toBe('three 5\n');
    const reading = guest.bash('exec 3<n.txt; head -c 1 <&3; touch sig; until [ -e go ]; do sleep 0.02; done; cat <&3');
    await expect.poll(() => textIn('sig')).toBe('');
    await put('n.txt', 'tXYZW');
    await put('go', '1');
    expect((await reading).out).toBe('tXYZW');
  });

  test('what the guest does is there for others once it is idle', async () => {
    await guest.bash('printf guest > back; mkdir -p deep/er; printf x > deep/er/y');
    await share.idle();
    expect(await textIn('back')).toBe('guest');
    expect(await textIn('deep/er/y')).toBe('x');
    await guest.bash('rm -r back deep');
    await share.idle();
    expect(await textIn('back')).toBe('ENOENT');
  });

  test('files are quick', async () => {
    const figures: string[] = [];
    for (const [name, command] of GUEST_BENCH) {
      const { ms, code } = await guest.bash(command);
      expect(code).toBe(0);
      figures.push(`${name} ${Math.round(ms)}`);
    }
    console.info(`ms: ${figures.join(', ')}`);
  });

  test('a saved machine goes on with its open files on another server', async () => {
    await guest.bash(
      'rm -f log go2; (exec 4>>log; until [ -e go2 ]; do sleep 0.05; done; echo after >&4) >/dev/null 2>&1 &',
    );
    await guest.bash('until [ -e log ]; do sleep 0.02; done');
    await guest.machine.stop();
    await share.idle();
    const dump = structuredClone(share.dump());
    const state = await guest.machine.save();
    await guest.machine.dispose();
    share.dispose();
    share = createShare({ files });
    expect(await share.load(dump)).toBe(true);
    guest = await startLinuxGuest((request, reply) => void share.handle(request).then(reply), state);
    await put('go2', '');
    await expect.poll(() => textIn('log')).toBe('after\n');
    expect((await guest.bash('cat log')).out).toBe('after\n');
  });
});
