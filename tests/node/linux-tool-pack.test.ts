import 'fake-indexeddb/auto';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { openToolPack, withWindow } from '../../src/container/machine/index.ts';
import { createSavedEngines, openDatabase } from '../../src/database/index.ts';
import { createLinuxRunner, type LentToolPack } from '../../src/runners/linux/index.ts';
import { openGuest } from '../../src/runners/linux/worker/guest.ts';
import { ToolPack } from '../../src/runners/linux/worker/tool-pack.ts';
import type { BuiltToolPack } from '../../tools/linux/tool-pack.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { bash, openImage } from '../support/linux/open-image.ts';
import { addPack, toolPackShelf } from '../support/linux/tool-pack-in-memory.ts';
import { bytesOfPack, smallToolPack } from '../support/linux/tool-pack.ts';

const database = openDatabase('tool-pack');
const savedEngines = createSavedEngines(database, () => Date.now());
const open: TestSession[] = [];
let built: BuiltToolPack;
let lent: LentToolPack | null;

beforeAll(async () => {
  needsLinuxImage();
  built = await smallToolPack();
  const shelf = toolPackShelf([built.row]);
  expect(await addPack(shelf, { row: built.row, bytes: await bytesOfPack(built) })).toMatchObject({
    ok: true,
    value: { isAdded: true },
  });
  lent = await shelf.current();
}, 300_000);
afterEach(() => {
  for (const shell of open.splice(0)) shell.dispose();
});

/** A session of the full image; what it saves is there for the next. */
async function opened(pack: LentToolPack | null, files = new MemoryFiles()): Promise<TestSession> {
  const runner = createLinuxRunner({
    source: nodeSource('linux'),
    isSmall: () => false,
    savedEngines,
    savedLeastMs: 0,
    toolPack: async () => pack,
  });
  const shell = await openInNode(runner, {}, files);
  open.push(shell);
  return shell;
}

async function ran(shell: TestSession, code: string) {
  const { outcome, stdout, stderr, events } = await shell.run(code);
  const notices = events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
  return { exitCode: outcome.kind === 'completed' ? outcome.exitCode : outcome, stdout, stderr, notices };
}

const TRACE = 'strace -o /tmp/calls true && grep -c exit_group /tmp/calls';

test('programs of a pack run with the libraries of the pack, and nobody can change them', {
  timeout: 120_000,
}, async () => {
  const shell = await opened(lent);
  expect(await ran(shell, `type -P strace; ${TRACE}`)).toMatchObject({
    exitCode: 0,
    stdout: '/opt/tools/bin/strace\n1\n',
  });
  expect((await ran(shell, 'ldd /opt/tools/bin/tmux; tmux -V')).stdout).toMatch(
    /libevent_core\S+ => \/opt\/tools\/bin\/\.\.\/lib\/i386-linux-gnu\/libevent_core[^]*\ntmux 3\.3a\n$/,
  );
  expect(await ran(shell, 'echo >/opt/tools/bin/strace')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Read-only') as string,
  });
  // Root may write to the device of the whole disk: behind the image's own part nothing comes of it.
  const spoil =
    'dd if=/dev/zero of=/dev/sda bs=4096 seek=$(($(cat /sys/block/loop0/loop/offset) / 4096)) count=64 conv=notrunc,fsync';
  expect(await ran(shell, `${spoil} 2>/dev/null; echo 3 >/proc/sys/vm/drop_caches; ${TRACE}`)).toMatchObject({
    exitCode: 0,
    stdout: '1\n',
  });
});

test('a pack is in place before the disk can be read: no first program waits for that but one that reads it, as gcc would', {
  timeout: 120_000,
}, async () => {
  const arrived = Promise.withResolvers<void>();
  const bytes = await bytesOfPack(built);
  let at = 0;
  const machine = await openImage('full', {
    diskOf: (own, wasm) => {
      at = own.length;
      const pack = openToolPack((offset, length) => bytes.subarray(offset, offset + length), wasm);
      return withWindow({ ...own, ready: arrived.promise }, pack);
    },
  });
  try {
    const guest = openGuest(machine, {});
    const tools = new ToolPack({ guest, machine, readFile: guest.readFile, at, problem: () => null });
    await tools.mount();
    expect(tools.takeProblem()).toBeNull();
    expect(await guest.readFile('/proc/1/mounts')).toMatch(/^\/dev\/loop0 \/opt\/tools ext4 ro,nosuid,nodev/m);
    let hasEnded = false;
    const first = bash(machine, 'PATH=$PATH:/opt/tools/bin; tmux -V', { uid: 0 }).finally(() => (hasEnded = true));
    // Asked after it, and of memory alone: by now the program would have ended that waits for nothing.
    for (let turn = 0; turn < 20; turn += 1) await guest.readFile('/proc/uptime');
    expect(hasEnded).toBe(false);
    arrived.resolve();
    expect(await first).toMatchObject({ code: 0, stdout: 'tmux 3.3a\n' });
    await tools.unmount();
    expect(await guest.readFile('/proc/1/mounts')).not.toContain('/dev/loop0');
  } finally {
    await machine.dispose();
  }
});

test('a machine saved with the pack goes on with it, without it, and with it again', { timeout: 240_000 }, async () => {
  const first = await opened(lent);
  expect((await ran(first, `cd /root; echo mine >note; ${TRACE}`)).stdout).toBe('1\n');
  expect(await first.session.save?.()).toMatchObject({ ok: true });
  // It works on in the machine that was saved, too.
  expect((await ran(first, TRACE)).stdout).toBe('1\n');
  first.dispose();
  const without = await opened(null, first.files);
  expect(await ran(without, 'cat note; ls -A /opt/tools; strace true')).toMatchObject({
    exitCode: 127,
    stdout: 'mine\n',
    stderr: expect.stringContaining('strace: command not found') as string,
  });
  expect(await without.session.save?.()).toMatchObject({ ok: true });
  without.dispose();
  expect((await ran(await opened(lent, first.files), `cat note; ${TRACE}`)).stdout).toBe('mine\n1\n');
});

test('where its file was removed in the moment in which it opens the machine is there without it', {
  timeout: 120_000,
}, async () => {
  const gone: LentToolPack = { key: 'gone', load: () => Promise.reject(new DOMException('gone', 'NotFoundError')) };
  const shell = await opened(gone);
  expect(await ran(shell, 'echo works; strace true')).toMatchObject({
    stdout: 'works\n',
    stderr: expect.stringContaining('strace: command not found') as string,
  });
});

test('where its file cannot be read the machine is there without it, and says so', { timeout: 120_000 }, async () => {
  const bytes = await bytesOfPack(built);
  const cut: LentToolPack = { key: 'cut', load: async () => new Blob([bytes.slice(0, 100_000)]) };
  const shell = await opened(cut);
  const { stdout, notices } = await ran(shell, 'strace true; echo works >/root/works; cat /root/works');
  expect(stdout).toBe('works\n');
  expect(notices.join()).toMatch(/tool pack .* cannot be used .*add its file again/);
});
