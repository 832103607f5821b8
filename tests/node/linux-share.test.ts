import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Machine } from '../../src/container/machine/index.ts';
import { askShare } from '../../src/container/share/ask.ts';
import { ServedTree, serveShare, type Share } from '../../src/container/share/index.ts';
import type { SessionFiles } from '../../src/contracts/files.ts';
import { bash, openImage } from '../support/linux/open-image.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { GUEST_BENCH, GUEST_CHECKS } from '../support/share/guest-checks.ts';
import { filesInMemory } from '../support/workspace/memory-tree.ts';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const MOUNT = {
  source: 'host9p',
  target: '/mnt/data',
  type: '9p',
  options: 'trans=virtio,version=9p2000.L,msize=262144,cache=none,access=client',
};

describe('the workspace in a real guest', () => {
  beforeAll(needsLinuxImage);
  let files: SessionFiles;
  let share: Share;
  const { port1, port2 } = new MessageChannel();
  const { serve, settled } = askShare(port2);
  /** Questions that the guest had no answer to at once. */
  let waited = 0;
  const counting: typeof serve = (request, reply) => {
    let isAnswered = false;
    serve(request, (answer) => {
      isAnswered = true;
      reply(answer);
    });
    if (!isAnswered) waited += 1;
  };
  let machine: Machine;
  beforeAll(async () => {
    files = filesInMemory();
    share = new ServedTree({ files }).share();
    serveShare(port1, share);
    machine = await openImage('full', { share: counting, shareSettled: settled, mounts: [MOUNT] });
  });
  afterAll(async () => {
    await machine.dispose();
    share.dispose();
    port1.close();
  });

  const inFolder = (line: string, uid = 0) => bash(machine, `cd /mnt/data\n${line}`, { uid });
  const put = (path: string, text: string) =>
    files.perform({ op: 'write', path, position: 0, bytes: ENCODER.encode(text), truncateTo: 0 });
  const textIn = async (path: string) => {
    const answer = await files.perform({ op: 'read', path, position: 0, length: 1_000_000 });
    return answer.ok ? DECODER.decode(answer.bytes) : answer.errno;
  };

  test.each(GUEST_CHECKS)('%s', async (_name, command, prints) => {
    const { stdout, stderr, code } = await inFolder(command);
    expect({ stdout, stderr, code }).toMatchObject({ stdout: prints });
  });

  test('what a user makes is its own', async () => {
    await inFolder('mkdir -p pub; chmod 777 pub');
    const { stdout } = await inFolder('echo u > pub/u; stat -c "%u %g %a" pub/u; id -u', 1000);
    expect(stdout).toBe('1000 1000 644\n1000\n');
  });

  test('what others write is there at once, in open files too', async () => {
    await put('n.txt', 'one');
    expect((await inFolder('cat n.txt; stat -c " %s" n.txt')).stdout).toBe('one 3\n');
    await put('n.txt', 'three');
    expect((await inFolder('cat n.txt; stat -c " %s" n.txt')).stdout).toBe('three 5\n');
    const reading = inFolder('exec 3<n.txt; head -c 1 <&3; touch sig; until [ -e go ]; do sleep 0.02; done; cat <&3');
    await expect.poll(() => textIn('sig')).toBe('');
    await put('n.txt', 'tXYZW');
    await put('go', '1');
    expect((await reading).stdout).toBe('tXYZW');
  });

  test('who looks again hears what others add to a file', async () => {
    await put('grown.txt', 'one\n');
    const following = inFolder(
      'tail ---disable-inotify -f -n +1 grown.txt >/tmp/followed & until grep -q one /tmp/followed; do sleep 0.05; done; touch follows; until grep -q two /tmp/followed; do sleep 0.05; done; kill $!; cat /tmp/followed',
    );
    await expect.poll(() => textIn('follows')).toBe('');
    await files.perform({
      op: 'write',
      path: 'grown.txt',
      position: 4,
      bytes: ENCODER.encode('two\n'),
      truncateTo: null,
    });
    expect((await following).stdout).toBe('one\ntwo\n');
  });

  test('the guest waits for three questions of a small file that is written, and for six or seven of one that is read', async () => {
    await inFolder('mkdir few');
    const countOf = async (line: string) => {
      waited = 0;
      await inFolder(line);
      return waited;
    };
    // 11 and 13 if each were asked.
    expect(await countOf('for n in {1..100}; do echo $n > few/$n; done')).toBeLessThan(450);
    expect(await countOf('for n in {1..100}; do read line < few/$n; done; cat few/*')).toBeLessThan(1_500);
  });

  test('what the guest does is there for others once it is idle', async () => {
    await inFolder('printf guest > back; mkdir -p deep/er; printf x > deep/er/y');
    await share.idle();
    expect(await textIn('back')).toBe('guest');
    expect(await textIn('deep/er/y')).toBe('x');
    await inFolder('rm -r back deep');
    await share.idle();
    expect(await textIn('back')).toBe('ENOENT');
  });

  test.each(GUEST_BENCH)('what the bench does works: %s', async (_name, command) => {
    expect((await inFolder(command)).code).toBe(0);
  });
});
