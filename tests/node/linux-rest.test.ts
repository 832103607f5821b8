import { afterEach, beforeAll, expect, test } from 'vitest';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

beforeAll(needsLinuxImage);

/** Its machine rests 20 ms after it was used, instead of two minutes. */
const runner = createLinuxRunner({
  source: nodeSource('linux', 'tests/support/linux/quick-rest.ts'),
  isSmall: () => true,
});
const open: TestSession[] = [];
afterEach(() => {
  for (const shell of open.splice(0)) shell.dispose();
});

async function opened(): Promise<TestSession> {
  const shell = await openInNode(runner);
  open.push(shell);
  return shell;
}

const rests = (shell: TestSession) => expect.poll(() => shell.session.isResting, { timeout: 60_000 }).toBe(true);
const bytesOf = (text: string) => new TextEncoder().encode(text);

async function printed(shell: TestSession, code: string): Promise<string> {
  const { outcome, stdout, stderr } = await shell.run(code);
  if (outcome.kind !== 'completed' || outcome.exitCode !== 0) throw new Error(JSON.stringify({ outcome, stderr }));
  return stdout;
}

test('a machine that rested has what its session had: directory, variables, functions, files', async () => {
  const shell = await opened();
  await printed(
    shell,
    'cd /tmp; export LOUD="a b"; greet() { echo "hi $1"; }; echo mine >note; echo ours >/mnt/data/note',
  );
  await rests(shell);
  // Made while it stood.
  await shell.files.perform({ op: 'write', path: 'late', position: 0, truncateTo: null, bytes: bytesOf('later\n') });
  expect(await printed(shell, 'pwd; env | grep ^LOUD; greet you; cat note /mnt/data/note /mnt/data/late')).toBe(
    '/tmp\nLOUD=a b\nhi you\nmine\nours\nlater\n',
  );
  expect(shell.session.isResting).toBe(false);
});

test('its clock is right when it goes on, and its timers go', async () => {
  const shell = await opened();
  const uptime = Number((await printed(shell, 'read -r up rest </proc/uptime; echo ${up/./}')).trim());
  for (let round = 0; round < 3; round += 1) {
    await rests(shell);
    const began = Date.now();
    const [seconds, up] = (
      await printed(shell, 'echo $EPOCHREALTIME; sleep 0.05; read -r up rest </proc/uptime; echo ${up/./}')
    ).split('\n');
    // Both ends are read by the same clock.
    expect(Number(seconds) * 1000).toBeGreaterThan(began - 1000);
    expect(Number(seconds) * 1000).toBeLessThan(Date.now() + 1000);
    expect(Number(up)).toBeGreaterThan(uptime);
  }
});

test('does not rest while a program that was left running works, and does once that has ended', async () => {
  const shell = await opened();
  await printed(shell, '(sleep 1; echo done >/mnt/data/mark) >/dev/null 2>&1 &');
  await rests(shell);
  expect(await printed(shell, 'cat /mnt/data/mark')).toBe('done\n');
  expect((await shell.files.perform({ op: 'stat', path: 'mark' })).ok).toBe(true);
});

test('does not rest while a terminal is open, and does once it has ended', async () => {
  const shell = await opened();
  await rests(shell);
  let text = '';
  const terminal = shell.session.openTerminal?.(
    { columns: 80, rows: 24 },
    { onOpened: () => undefined, onOutput: (piece) => (text += piece), onEnd: () => (text += '(ended)') },
  );
  terminal?.send({ kind: 'write', text: 'read -t 1 nothing; echo $((6*7)); exit\r' });
  await expect.poll(() => shell.session.isResting).toBe(false);
  await rests(shell);
  expect(text).toMatch(/42[^]*\(ended\)$/);
});
