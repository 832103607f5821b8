import 'fake-indexeddb/auto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { joinBytes } from '../../src/base/index.ts';
import type { BoxOpener, BoxWorker } from '../../src/contracts/box.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import type { MachineSpec } from '../../src/contracts/machine-spec.ts';
import { readMachineSpec } from '../../src/contracts/read-machine-spec.ts';
import type { Runner, SavedEngines } from '../../src/contracts/runner.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { type CompanionDatabase, createSavedEngines, openDatabase } from '../../src/database/index.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { type Image, readImage } from '../../src/runners/linux/worker/image.ts';
import { packMachine, unpackMachine } from '../../src/runners/linux/worker/saved-machine.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { createNodeBoxes } from '../support/kit/node-box.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { openShell } from '../support/linux/node-machine.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const SESSION = sessionIdOf('test');
const VENDOR = join(import.meta.dirname, '../../public/vendor/linux');
const bytesOf = (text: string) => new TextEncoder().encode(text);

let database: CompanionDatabase;
let savedEngines: SavedEngines;
let runner: Runner;
let databases = 0;
const open: TestSession[] = [];

/** Its machine rests, and is saved, 20 ms after it was used. */
const linux = (worker = 'tests/support/linux/quick-rest.ts', spec: MachineSpec | null = null): Runner =>
  createLinuxRunner({
    source: nodeSource('linux', worker),
    isSmall: () => true,
    savedEngines,
    savedLeastMs: 0,
    ...(spec && { specOf: async () => spec }),
  });

beforeAll(needsLinuxImage);
beforeEach(() => {
  databases += 1;
  database = openDatabase(`saved-${databases}`);
  savedEngines = createSavedEngines(database, () => Date.now());
  runner = linux();
});
afterEach(() => {
  for (const shell of open.splice(0)) shell.dispose();
  database.close();
});

async function opened(files = new MemoryFiles(), around?: (boxes: BoxOpener) => BoxOpener): Promise<TestSession> {
  const shell = await openInNode(runner, {}, files, around);
  open.push(shell);
  return shell;
}

async function imageOf(...states: readonly string[]): Promise<Image> {
  const read = async (name: string) => [name, new Uint8Array(await readFile(join(VENDOR, name)))] as const;
  const files = new Map(await Promise.all(['manifest.json', ...states].map(read)));
  return readImage(
    { files, blobs: new Map(), hasSharedMemory: true, blob: () => Promise.reject(new Error('no blobs')) },
    new WebAssembly.Module(await readFile(join(VENDOR, 'v86.wasm'))),
  );
}

/** What is saved of the session, once that is something else than before. */
async function savedAfter(before: Uint8Array | null = null): Promise<Uint8Array> {
  const isNew = (state: Uint8Array | undefined): state is Uint8Array =>
    state !== undefined && (before === null || !Buffer.from(state).equals(before));
  await expect.poll(async () => isNew((await savedEngines.load(SESSION))?.state), { timeout: 60_000 }).toBe(true);
  const saved = await savedEngines.load(SESSION);
  if (saved === null) throw new Error('nothing is saved');
  return saved.state;
}

async function ran(shell: TestSession, code: string) {
  const { outcome, stdout, stderr, events } = await shell.run(code);
  if (outcome.kind !== 'completed' || outcome.exitCode !== 0) throw new Error(JSON.stringify({ outcome, stderr }));
  const notices = events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
  return { stdout, notices };
}

const LEAVE =
  'cd /root; export LOUD="a b"; greet() { echo "hi $1"; }; echo mine >note; echo ours >/mnt/data/note; echo old >/mnt/data/stays';
const FIND = 'pwd; echo "${LOUD-none}"; greet you; cat note /mnt/data/note';

describe('a machine that was saved while nobody used it', () => {
  test('goes on in a new one: directory, variables, functions and files; what is in /mnt/data is the workspace’s', async () => {
    const first = await opened();
    expect(first.session.isResumed).toBe(false);
    await ran(first, LEAVE);
    await savedAfter();
    // It works on in the machine that was saved, too.
    expect((await ran(first, FIND)).stdout).toBe('/root\na b\nhi you\nmine\nours\n');
    first.dispose();
    await first.files.perform({ op: 'write', path: 'note', position: 0, truncateTo: 0, bytes: bytesOf('newer\n') });
    const began = Date.now();
    const second = await opened(first.files);
    expect(second.session.isResumed).toBe(true);
    const { stdout, notices } = await ran(second, `${FIND}; echo $EPOCHSECONDS`);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 5)).toEqual(['/root', 'a b', 'hi you', 'mine', 'newer']);
    expect(Number(lines[5])).toBeGreaterThanOrEqual(Math.floor(began / 1000) - 1);
    expect(Number(lines[5])).toBeLessThanOrEqual(Date.now() / 1000 + 1);
    expect(notices.join()).toMatch(/goes on as it was saved \(.*202\d.*\/mnt\/data/);
  });

  test('is saved again after it was used again, and with little', async () => {
    const shell = await opened();
    await ran(shell, LEAVE);
    const before = await savedAfter();
    await ran(shell, 'echo more >>note');
    const after = await savedAfter(before);
    expect(after.length).toBeLessThan(1_000_000);
    shell.dispose();
    expect((await ran(await opened(shell.files), 'cat note')).stdout).toBe('mine\nmore\n');
  });

  test('has nothing of the session’s files in what is saved', async () => {
    const shell = await opened();
    const marker = 'marker-of-the-workspace-';
    await ran(
      shell,
      `n=0; while [ $n -lt 500 ]; do printf '%s%s ' marker-of- the-workspace-$n; n=$((n+1)); done >/mnt/data/m; wc -c </mnt/data/m; printf in-the-%s guest >/root/g`,
    );
    const saved = await savedAfter();
    const image = await imageOf('small.state.zst');
    const state = Buffer.from(await unpackMachine(image, saved));
    // The guest's own file is in it: this looks at the right place.
    expect(state.includes('in-the-guest')).toBe(true);
    expect(state.includes(`${marker}4`)).toBe(false);
  });

  test('is what a machine that was made ahead of need goes on from', async () => {
    const first = await opened();
    await ran(first, LEAVE);
    await savedAfter();
    first.dispose();
    const boxes = createNodeBoxes();
    const warmed = Promise.withResolvers<BoxWorker>();
    runner.warm({
      ...boxes,
      warm(engine, prepare) {
        const made = async (): Promise<BoxWorker> => {
          const box = await boxes.open(engine, { signal: new AbortController().signal });
          if (!box.ok) throw new Error(box.error.code);
          await prepare(box.value);
          return Object.assign(box.value, { isPrepared: true });
        };
        warmed.resolve(made());
      },
    });
    const worker = await warmed.promise;
    const second = await opened(first.files, () => ({
      open: async () => ({ ok: true, value: worker }),
      warm: () => undefined,
    }));
    expect((await ran(second, FIND)).stdout).toBe('/root\na b\nhi you\nmine\nours\n');
  });

  test('is forgotten when its session is begun anew', async () => {
    const first = await opened();
    await ran(first, LEAVE);
    await savedAfter();
    first.dispose();
    runner.forget?.(SESSION);
    const second = await opened(first.files);
    expect(second.session.isResumed).toBe(false);
    expect((await ran(second, 'pwd; echo "${LOUD-none}"; ls /root')).stdout).toBe('/mnt/data\nnone\n');
  });

  test.each([
    ['that is no state', (saved: Uint8Array) => saved.map((byte, at) => (at > saved.length / 2 ? byte ^ 0x5a : byte))],
    ['of another image', (saved: Uint8Array) => saved.map((byte, at) => (at < 4 ? byte ^ 1 : byte))],
    ['that was cut off', (saved: Uint8Array) => saved.slice(0, saved.length - 1000)],
  ])('one %s is said, let go, and the session starts anew', async (_title, spoil) => {
    const first = await opened();
    await ran(first, LEAVE);
    const saved = await savedAfter();
    first.dispose();
    const spoiled = spoil(saved);
    await savedEngines.save(SESSION, spoiled);
    const second = await opened(first.files);
    const { stdout, notices } = await ran(second, 'pwd; echo "${LOUD-none}"; cat note');
    expect(stdout).toBe('/mnt/data\nnone\nours\n');
    expect(notices.join()).toMatch(/starts anew.*\/mnt\/data are all there/);
    // Nothing by now, or what the new machine has.
    const kept = await savedEngines.load(SESSION);
    expect(kept !== null && Buffer.from(kept.state).equals(spoiled)).toBe(false);
  });

  test('one that runs and takes no files is not let go: programs fail for it, until its person begins anew', async () => {
    const first = await opened();
    await ran(first, LEAVE);
    await savedAfter();
    first.dispose();
    const { machine, run } = await openShell();
    await run('umount /mnt/data; rmdir /mnt/data; echo >/mnt/data');
    const state = await machine.save();
    await machine.dispose();
    await savedEngines.save(SESSION, await packMachine(await imageOf('small.state.zst'), state));
    const before = await savedEngines.load(SESSION);
    for (let restarts = 0; restarts <= LIMITS.machineRestarts.standard; restarts += 1) {
      const { outcome } = await (await opened(first.files)).run('true');
      expect(outcome).toMatchObject({
        kind: 'crashed',
        code: restarts < LIMITS.machineRestarts.standard ? 'linux/lost' : 'linux/gave-up',
        detail: expect.stringContaining('did not start from what was saved') as string,
      });
    }
    await expect(opened(first.files)).rejects.toThrow('linux/gave-up');
    expect(await savedEngines.load(SESSION)).toEqual(before);
    runner.forget?.(SESSION);
    const { stdout } = await ran(await opened(first.files), 'pwd; echo "${LOUD-none}"; cat note');
    expect(stdout).toBe('/mnt/data\nnone\nours\n');
  });

  test('one of the package’s other image is let lie, and the session starts anew with words for it', async () => {
    const first = await opened();
    await ran(first, LEAVE);
    const saved = await savedAfter();
    first.dispose();
    const image = await imageOf('full.state.zst', 'full.pack');
    const other = joinBytes([bytesOf(image.id), saved.subarray(saved.indexOf(0x0a))]);
    await savedEngines.save(SESSION, other);
    // One that does not rest within the test, and so saves nothing over it.
    runner = linux('src/runners/linux/worker.ts');
    const { stdout, notices } = await ran(await opened(first.files), 'pwd; echo "${LOUD-none}"; cat note');
    expect(stdout).toBe('/mnt/data\nnone\nours\n');
    expect(notices.join()).toMatch(/full Linux is kept, but .*starts anew/);
    expect((await savedEngines.load(SESSION))?.state).toEqual(other);
  });
});

describe('a machine that is saved when somebody asks', () => {
  test('is stored once its files are on the disk, as they are when the guest asks for that or closes them', async () => {
    const seen: string[] = [];
    const files = Object.assign(new MemoryFiles(), {
      flush: async () => {
        seen.push(`flushed ${files.text('note')?.trim() ?? 'nothing'}`);
        return true;
      },
    });
    const { save } = savedEngines;
    savedEngines = {
      ...savedEngines,
      save: (...state) => {
        seen.push('stored');
        return save(...state);
      },
    };
    runner = linux('src/runners/linux/worker.ts');
    const shell = await opened(files);
    await ran(shell, 'exec 3>note; echo synced >&3; sync note; rm note; exec 3>&-');
    await expect.poll(() => seen).toEqual(['flushed synced', 'flushed nothing']);
    // Without a name it asks nothing of the server: the guest keeps nothing of these files back.
    await ran(shell, 'sync');
    expect(seen.splice(0)).toHaveLength(2);
    // A close is a reason too, and nobody waits for it.
    await ran(shell, 'echo late >note');
    await expect.poll(() => seen.splice(0)).toEqual(['flushed late']);
    await ran(shell, 'mv note moved');
    expect(await shell.session.save?.()).toMatchObject({ ok: true });
    expect(seen).toEqual(['flushed nothing', 'stored']);
  });

  const EDITS = 'echo newer >/root/note; greet() { echo "hello $1"; }';

  test('is stored once that is answered, again after it was used, and goes on in the next', async () => {
    runner = linux('src/runners/linux/worker.ts');
    const first = await opened();
    await ran(first, LEAVE);
    expect(first.session.saved).toEqual({ isSaving: false, atMs: null, unsaved: null });
    const asked = first.session.save?.();
    expect(first.session.saved?.isSaving).toBe(true);
    expect(first.session.save?.()).toBe(asked);
    const answer = await asked;
    const stored = await savedEngines.load(SESSION);
    expect(answer).toEqual({ ok: true, value: { atMs: stored?.atMs } });
    expect(first.session.saved).toEqual({ isSaving: false, atMs: stored?.atMs, unsaved: null });
    expect((await ran(first, FIND)).stdout).toBe('/root\na b\nhi you\nmine\nours\n');
    await ran(first, EDITS);
    expect(await first.session.save?.()).toMatchObject({ ok: true });
    first.dispose();
    const second = await opened(first.files);
    expect(second.session.saved).toEqual({
      isSaving: false,
      atMs: (await savedEngines.load(SESSION))?.atMs,
      unsaved: null,
    });
    expect((await ran(second, FIND)).stdout).toBe('/root\na b\nhello you\nnewer\nours\n');
  });

  test('is left as it is stored where it was not used since', async () => {
    runner = linux('src/runners/linux/worker.ts');
    const shell = await opened();
    await ran(shell, LEAVE);
    const first = await shell.session.save?.();
    expect(await shell.session.save?.()).toEqual(first);
  });

  test('is not while a program, a terminal or what was left running is in it, and is once that has ended', async () => {
    runner = linux('src/runners/linux/worker.ts');
    const shell = await opened();
    const inUse = { ok: false, error: { code: 'runner/in-use' } };
    const running = ran(shell, `${LEAVE}; sleep 1`);
    expect(await shell.session.save?.()).toMatchObject(inUse);
    await running;
    const [shown, ended] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const terminal = shell.session.openTerminal?.(
      { columns: 80, rows: 24 },
      { onOpened: () => undefined, onOutput: () => shown.resolve(undefined), onEnd: () => ended.resolve(undefined) },
    );
    expect(await shell.session.save?.()).toMatchObject(inUse);
    await shown.promise;
    terminal?.send({ kind: 'end' });
    await ended.promise;
    await ran(shell, 'until [ -e /tmp/enough ]; do sleep 0.01; done >/dev/null 2>&1 &');
    expect(await shell.session.save?.()).toMatchObject(inUse);
    expect(await savedEngines.load(SESSION)).toBeNull();
    await ran(shell, 'touch /tmp/enough');
    await expect.poll(() => shell.session.save?.()).toMatchObject({ ok: true });
    expect(await savedEngines.load(SESSION)).not.toBeNull();
  });

  test('and holds too much is said not to be; what was saved before stays, and it is once that is removed', async () => {
    const read = readMachineSpec({ name: 'large', image: 'alpine-dev', resources: { memory: '600MB' } });
    if (!read.ok) throw new Error(read.error.detail);
    runner = linux('src/runners/linux/worker.ts', read.value.spec);
    const shell = await opened();
    await ran(shell, LEAVE);
    expect(await shell.session.save?.()).toMatchObject({ ok: true });
    const before = await savedEngines.load(SESSION);
    await ran(
      shell,
      `${EDITS}; head -c 2097152 /dev/urandom >/root/once; for n in {1..66}; do cat /root/once; done >/root/large`,
    );
    const detail = 'More than 128 MB, packed, differ from the Linux of the package.';
    expect(await shell.session.save?.()).toMatchObject({ ok: false, error: { code: 'runner/not-saved', detail } });
    expect(await savedEngines.load(SESSION)).toEqual(before);
    expect(shell.session.saved).toEqual({ isSaving: false, atMs: before?.atMs, unsaved: 'failed' });
    expect((await ran(shell, 'rm /root/large')).notices.join()).toMatch(/could not be saved/);
    expect(await shell.session.save?.()).toMatchObject({ ok: true });
    shell.dispose();
    expect((await ran(await opened(shell.files), 'cat /root/note')).stdout).toBe('newer\n');
  });

  test('and whose state the browser does not store is said not to be, also when it is asked again', async () => {
    const { engines } = database;
    engines.hook('creating', () => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    runner = linux('src/runners/linux/worker.ts');
    const shell = await opened();
    await ran(shell, LEAVE);
    for (let asked = 0; asked < 2; asked += 1)
      expect(await shell.session.save?.()).toMatchObject({ ok: false, error: { code: 'runner/not-saved' } });
    expect(shell.session.saved).toEqual({ isSaving: false, atMs: null, unsaved: 'failed' });
  });
});

/** Puts a process of the guest where nobody looks for it: a run’s own would keep the machine from resting. */
const ASIDE = 'echo $BASHPID >/sys/fs/cgroup/cgroup.procs';

describe('a machine that cannot be saved', () => {
  test('because something holds its folder open rests, works on, and says so', async () => {
    const shell = await opened();
    await ran(shell, `${LEAVE}; (cd /mnt/data; ${ASIDE}; exec sleep 1000) >/dev/null 2>&1 &`);
    await expect.poll(() => shell.session.isResting, { timeout: 60_000 }).toBe(true);
    const { stdout, notices } = await ran(shell, FIND);
    expect(stdout).toBe('/root\na b\nhi you\nmine\nours\n');
    expect(notices.join()).toMatch(/could not be saved/);
    expect(await savedEngines.load(SESSION)).toBeNull();
  });

  test('and to which its files do not come back is ended at once; the next one has them', async () => {
    const shell = await opened();
    // Held so, the files leave /mnt/data, but the guest's kernel takes them no second time.
    await ran(shell, `${LEAVE}; mkdir /tmp/held; mount -o bind /mnt/data /tmp/held`);
    await expect.poll(() => shell.session.isAlive, { timeout: 60_000 }).toBe(false);
    expect(await savedEngines.load(SESSION)).toBeNull();
    expect((await ran(await opened(shell.files), 'pwd; cat note')).stdout).toBe('/mnt/data\nours\n');
  });
});
