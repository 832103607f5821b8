import 'fake-indexeddb/auto';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { LIMITS } from '../../src/contracts/limits.ts';
import type { MachineSpec } from '../../src/contracts/machine-spec.ts';
import { readMachineSpec } from '../../src/contracts/read-machine-spec.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type RunOptions, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const open: TestSession[] = [];
beforeAll(needsLinuxImage);
afterEach(() => {
  for (const shell of open.splice(0)) shell.dispose();
});

function specOf(asked: object): MachineSpec {
  const read = readMachineSpec({ name: 'test', image: 'alpine-dev', ...asked });
  if (!read.ok) throw new Error(read.error.detail);
  return read.value.spec;
}

async function machine(asked: object, files = new MemoryFiles()): Promise<TestSession> {
  const spec = specOf(asked);
  const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => false, specOf: async () => spec });
  const shell = await openInNode(runner, {}, files);
  open.push(shell);
  return shell;
}

async function ran(shell: TestSession, code: string, options: RunOptions = {}) {
  const finished = await shell.run(code, { timeMs: 120_000, ...options });
  const notices = finished.events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
  return { ...finished, notices };
}

const MEMORY = 'awk "/^MemTotal/ { print int(\\$2 / 1024) }" /proc/meminfo';

test('a machine has the memory that was asked for, whether its image has it or it boots first', async () => {
  const usual = Number((await ran(await machine({}), MEMORY)).stdout);
  const larger = Number((await ran(await machine({ resources: { memory: '300MB' } }), MEMORY)).stdout);
  expect(usual).toBeGreaterThan(90);
  expect(usual).toBeLessThanOrEqual(128);
  expect(larger).toBeGreaterThan(260);
  expect(larger).toBeLessThanOrEqual(300);
});

test('so much as a machine can have, and its programs have it', async () => {
  const most = LIMITS.machineMemoryMB.largest;
  const shell = await machine({ image: 'python-data', resources: { memory: `${most}MB` } });
  const { stdout } = await ran(shell, `${MEMORY}; python3 -c 'print(len(bytearray(500 * 2**20)) >> 20)'`);
  const [total, held] = stdout.trim().split('\n').map(Number);
  expect(total).toBeGreaterThan(most - 50);
  expect(total).toBeLessThanOrEqual(most);
  expect(held).toBe(500);
});

test('a full machine that boots has Debian, its disk and its tools', async () => {
  const shell = await machine({ image: 'python-data', resources: { memory: '320MB' } });
  const { stdout } = await ran(shell, `${MEMORY}; python3 -c 'print(6 * 7)'; git --version; df -m / | tail -1`);
  expect(stdout).toContain('\n42\ngit version');
  expect(Number(stdout.split('\n')[0])).toBeGreaterThan(285);
});

test.each(['python-data', 'alpine-dev'])(
  'what %s stores is full at its bound, and what was stored is whole',
  async (image) => {
    const shell = await machine({ image, resources: { storage: '24MB' } });
    const full = 'dd if=/dev/zero of=/root/big bs=1M count=60; echo $?; stat -c %s /root/big';
    const { stdout, stderr } = await ran(shell, full);
    expect(stderr).toContain('No space left on device');
    const [code, bytes] = stdout.trim().split('\n').map(Number);
    expect(code).toBe(1);
    expect(bytes).toBeGreaterThan(20 * 2 ** 20);
    expect(bytes).toBeLessThanOrEqual(24 * 2 ** 20);
    const again = await ran(
      shell,
      'rm /root/big && dd if=/dev/zero of=/root/small bs=1M count=16 2>/dev/null && echo fits',
    );
    expect(again.stdout).toBe('fits\n');
  },
);

test('its variables are there in programs; what the machine sets itself stays', async () => {
  const shell = await machine({ environment: { TOKEN: "it's\n two lines", EMPTY: '' } });
  const { stdout } = await ran(shell, 'printf "%s|" "$TOKEN" "${EMPTY-unset}" "$HOME"; env | grep -c ^TOKEN=');
  expect(stdout).toBe("it's\n two lines||/root|1\n");
});

test('volumes are folders of the conversation at places of the guest; what is read-only is so by every path', async () => {
  const files = new MemoryFiles();
  await files.perform({ op: 'mkdir', path: 'kept' });
  await files.perform({
    op: 'write',
    path: 'kept/a.txt',
    position: 0,
    bytes: new TextEncoder().encode('as it was'),
    truncateTo: null,
  });
  const volumes = [
    { source: 'apps/web', target: '/srv/web' },
    { source: '/mnt/data/kept', target: '/opt/kept', readOnly: true },
  ];
  const shell = await machine({ volumes }, files);
  const { stdout, stderr } = await ran(
    shell,
    `cat /opt/kept/a.txt; echo; echo made >/srv/web/new; cat /mnt/data/apps/web/new
for change in 'echo x >/opt/kept/a.txt' 'echo x >>/mnt/data/kept/a.txt' 'touch /opt/kept/b' 'rm /opt/kept/a.txt' \\
  'mv /mnt/data/kept /mnt/data/gone' 'mv /srv/web/new /opt/kept/new' 'chmod 777 /opt/kept/a.txt' 'mkdir /opt/kept/c' \\
  'ln -s x /opt/kept/l' 'mount -o remount,rw /mnt/data; truncate -s 0 /mnt/data/kept/a.txt'; do
  bash -c "$change" 2>>/tmp/said && echo "$change"
done; grep -c 'Read-only file system' /tmp/said; cat /opt/kept/a.txt`,
  );
  expect(stderr).toBe('');
  expect(stdout).toBe('as it was\nmade\n10\nas it was');
});

test('a share of the processor holds, and leaves the rest of it to others', async () => {
  const LOOP = 'i=0; while [ $i -lt 8000 ]; do i=$((i+1)); done';
  const timed = async (cpu: string) => {
    const shell = await machine({ resources: { cpu } });
    await ran(shell, LOOP); // what it takes is compiled then
    const [beganMs, worked] = [performance.now(), process.cpuUsage()];
    await ran(shell, LOOP);
    const ms = performance.now() - beganMs;
    const { user, system } = process.cpuUsage(worked);
    return { ms, share: (user + system) / 1000 / ms };
  };
  const whole = await timed('1.0');
  const quarter = await timed('0.25');
  expect(quarter.share).toBeLessThan(0.35);
  expect(quarter.ms).toBeGreaterThan(whole.ms * 2);
});

test('two machines at once are apart, and see the same files', async () => {
  const files = new MemoryFiles();
  const [one, two] = await Promise.all([
    machine({ environment: { WHO: 'one' } }, files),
    machine({ environment: { WHO: 'two' } }, files),
  ]);
  await ran(one, 'own=1; echo $WHO >/root/who; echo $WHO >/mnt/data/from-one');
  const { stdout } = await ran(two, 'echo "$WHO ${own-none}"; ls /root/who 2>/dev/null; cat /mnt/data/from-one');
  expect(stdout).toBe('two none\none\n');
  // Modes and links too, which each of them keeps.
  await ran(one, 'ln -s from-one /mnt/data/link; echo "echo ran" >/mnt/data/program; chmod 750 /mnt/data/program');
  await ran(two, 'echo "echo ran" >/mnt/data/another; chmod 700 /mnt/data/another');
  const modes = 'cd /mnt/data; cat link; ./program; stat -c "%a %n" program another';
  for (const shell of [one, two, await machine({}, files)])
    expect((await ran(shell, modes)).stdout).toBe('one\nran\n750 program\n700 another\n');
});

test('nodejs-web has the installer, serves a folder, and says where JavaScript runs', async () => {
  const shell = await machine({ image: 'nodejs-web', environment: { PORT: '4000' } });
  const { stdout, stderr } = await ran(
    shell,
    `echo '<p>here</p>' >/mnt/data/index.html; serve /mnt/data 2>/dev/null &
for turn in $(seq 100); do curl -sf --noproxy '*' http://127.0.0.1:4000/ && break; sleep 0.1; done
echo $NODE_ENV; command -v npm >/dev/null && echo npm; node x.js`,
  );
  expect(stdout).toBe('<p>here</p>\ndevelopment\nnpm\n');
  expect(stderr).toContain('run in the JavaScript engine of this conversation');
});
