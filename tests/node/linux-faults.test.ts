import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FAILURES } from '../../src/contracts/failures.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import type { Runner, SavedEngines } from '../../src/contracts/runner.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';
import { type CompanionDatabase, createSavedEngines, openDatabase } from '../../src/database/index.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { MemoryFiles } from '../support/kit/memory-files.ts';
import { createNodeBoxes, type NodeBoxes } from '../support/kit/node-box.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { FREEZE, NO_MEMORY, PANIC } from '../support/linux/breakdowns.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

const SESSION = sessionIdOf('test');
let database: CompanionDatabase;
let savedEngines: SavedEngines;
let runner: Runner;
let boxes: NodeBoxes;
let files: MemoryFiles;
let databases = 0;
const open: TestSession[] = [];

beforeAll(needsLinuxImage);
beforeEach(() => {
  databases += 1;
  database = openDatabase(`faults-${databases}`);
  savedEngines = createSavedEngines(database, () => Date.now());
  runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => true, savedEngines, savedLeastMs: 0 });
  boxes = createNodeBoxes();
  files = new MemoryFiles();
});
afterEach(() => {
  for (const shell of open.splice(0)) shell.dispose();
  database.close();
});

async function opened(): Promise<TestSession> {
  const shell = await openInNode(runner, {}, files, () => boxes);
  open.push(shell);
  return shell;
}

const noticesOf = ({ events }: Awaited<ReturnType<TestSession['run']>>): string =>
  events.flatMap((event) => (event.kind === 'notice' ? [event.text] : [])).join('\n');

async function printed(shell: TestSession, code: string): Promise<string> {
  const { outcome, stdout, stderr } = await shell.run(code);
  if (outcome.kind !== 'completed' || outcome.exitCode !== 0) throw new Error(JSON.stringify({ outcome, stderr }));
  return stdout;
}

/** A machine that was saved, and used since: what came after is lost with it, but for /mnt/data. */
async function savedThenUsed(): Promise<TestSession> {
  const shell = await opened();
  await printed(shell, 'cd /root; kept=yes; echo saved >note; echo saved >/mnt/data/ours');
  expect(await shell.session.save?.()).toMatchObject({ ok: true });
  await printed(shell, 'kept=no; echo later >note; echo later >/mnt/data/ours');
  return shell;
}

const AS_SAVED = /goes on as it was saved \(.*202\d.*\/mnt\/data/;
const NEXT_AS_SAVED = /finds this Linux as it was saved \(.*202\d.*\/mnt\/data/;

/** What the next machine of the session has. */
async function findsWhatWasSaved(): Promise<void> {
  const shell = await opened();
  expect(shell.session.isResumed).toBe(true);
  const ran = await shell.run('echo "$kept"; cat note /mnt/data/ours');
  expect(ran.stdout).toBe('yes\nsaved\nlater\n');
  expect(noticesOf(ran)).toMatch(AS_SAVED);
}

describe('a machine that breaks down under a program', () => {
  test.each([
    ['whose worker is killed', 'echo on; sleep 20', 'runs'],
    ['whose kernel panics', PANIC, 'panicked'],
    ['whose memory is out', NO_MEMORY, 'panicked'],
    ['that hangs', FREEZE, 'hung'],
  ])(
    '%s: it is said, with what it was saved as, and that is what the next one goes on from',
    async (_title, code, why) => {
      const shell = await savedThenUsed();
      const ran = await shell.run(code, {
        timeMs: 28_000,
        onEvent: (event) => event.kind === 'output' && why === 'runs' && boxes.kill(),
      });
      expect(ran.outcome).toMatchObject({ kind: 'crashed', code: 'linux/lost', sessionLost: true });
      if (why !== 'runs') expect('detail' in ran.outcome && ran.outcome.detail).toContain(why);
      expect(noticesOf(ran)).toMatch(NEXT_AS_SAVED);
      expect(shell.session.isAlive).toBe(false);
      await findsWhatWasSaved();
    },
  );

  test('and was never saved: that is said', async () => {
    const shell = await opened();
    const ran = await shell.run(PANIC, { timeMs: 25_000 });
    expect(ran.outcome).toMatchObject({ kind: 'crashed', code: 'linux/lost' });
    expect(noticesOf(ran)).toContain('had not been saved yet');
    expect(await printed(await opened(), 'pwd')).toBe('/mnt/data\n');
  });
});

describe('a machine', () => {
  test('whose own files were deleted says so and offers the restart', async () => {
    const shell = await opened();
    await shell.run('echo kept > /mnt/data/kept; busybox rm -rf /bin /sbin /usr; false', { timeMs: 25_000 });
    const { outcome } = await shell.run('ls');
    expect(outcome).toMatchObject({ kind: 'completed', error: { code: 'linux/own-files' } });
    expect(FAILURES['linux/own-files'].actions).toContain('restart-session');
    shell.dispose();
    expect(await printed(await opened(), 'cat kept')).toBe('kept\n');
  });
});

describe('a machine that breaks down while nobody uses it', () => {
  test.each([
    ['its worker is killed', () => boxes.kill(), ''],
    ['its kernel panics', () => undefined, `(sleep 1; ${PANIC}) >/dev/null 2>&1 &`],
    ['it hangs', () => undefined, `(sleep 1; ${FREEZE}) >/dev/null 2>&1 &`],
  ])('%s: the next program finds another, as it was saved', async (_title, kill, code) => {
    const shell = await savedThenUsed();
    await printed(shell, code);
    kill();
    await expect.poll(() => shell.session.isAlive, { timeout: 60_000 }).toBe(false);
    await findsWhatWasSaved();
  });
});

describe('a machine whose worker is killed while it is saved', () => {
  test.each([0, 50, 150, 400, 1_000])(
    'after %i ms: it was saved as before, or as it was then, and nothing between',
    async (ms) => {
      const shell = await savedThenUsed();
      await printed(shell, 'echo later >/root/other; sync');
      const saving = shell.session.save?.();
      const killing = setTimeout(() => boxes.kill(), ms);
      const answer = await saving;
      // It was saved sooner: the next machine is not the one that is meant.
      clearTimeout(killing);
      shell.dispose();
      const next = await opened();
      const found = await printed(
        next,
        'echo "$kept"; cat note; if [ -e other ]; then cat other; fi; cat /mnt/data/ours',
      );
      if (answer?.ok === true) expect(found).toBe('no\nlater\nlater\nlater\n');
      else expect(['yes\nsaved\nlater\n', 'no\nlater\nlater\nlater\n']).toContain(found);
    },
  );
});

describe('a machine that breaks down again and again', () => {
  const panicked = async () => (await opened()).run(PANIC, { timeMs: 25_000 });

  test('is restarted three times, then that is its failure; what was saved stays until it is begun anew', async () => {
    const shell = await savedThenUsed();
    shell.dispose();
    const before = await savedEngines.load(SESSION);
    for (let restarts = 0; restarts < LIMITS.machineRestarts.standard; restarts += 1)
      expect((await panicked()).outcome).toMatchObject({ kind: 'crashed', code: 'linux/lost' });
    const last = await panicked();
    expect(last.outcome).toMatchObject({ kind: 'crashed', code: 'linux/gave-up' });
    expect(noticesOf(last)).toMatch(/was saved .*202\d.* is still kept/);
    await expect(opened()).rejects.toThrow('linux/gave-up');
    expect(await savedEngines.load(SESSION)).toEqual(before);
    runner.forgive?.(SESSION);
    const restored = await opened();
    expect(restored.session.isResumed).toBe(true);
    expect(await printed(restored, 'echo "${kept-none}"')).toBe('yes\n');
    restored.dispose();
    runner.forget?.(SESSION);
    const anew = await opened();
    expect(anew.session.isResumed).toBe(false);
    expect(await printed(anew, 'echo "${kept-none}"; cat /mnt/data/ours')).toBe('none\nlater\n');
  }, 120_000);
});
