import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { BoxOpener, BoxWorker, EngineSpec } from '../../src/contracts/box.ts';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { createNodeBoxes } from '../support/kit/node-box.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { openInNode } from '../support/kit/open-node.ts';
import { needsLinuxImage } from '../support/linux-image.ts';

beforeAll(needsLinuxImage);

const BEGUN_MS = 3_000;

interface Warmed {
  readonly engine: EngineSpec;
  readonly worker: BoxWorker;
}

/** Boxes that keep one engine ahead of need, as the opener of the host does. */
function boxesThatWarm() {
  const plain = createNodeBoxes();
  const warmed = Promise.withResolvers<Warmed>();
  const boxes: BoxOpener = {
    open: (engine, options) => plain.open(engine, options),
    warm(engine, prepare) {
      const prepared = async (): Promise<Warmed> => {
        const opened = await plain.open(engine, { signal: new AbortController().signal });
        if (!opened.ok) throw new Error(opened.error.code);
        await prepare(opened.value);
        return { engine, worker: opened.value };
      };
      warmed.resolve(prepared());
    },
  };
  return { boxes, warmed: warmed.promise, left: () => plain.left() };
}

test('a machine that was made ahead of need stands until a session has it, and then has its files and its own time', async () => {
  const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => true });
  const { boxes, warmed, left } = boxesThatWarm();
  runner.warm(boxes);
  const { engine, worker } = await warmed;
  expect(engine).toMatchObject({ id: 'linux-small', isCostly: true, startsWhole: false });
  const shell = await openInNode(runner, {}, undefined, () => ({
    open: async () => ({ ok: true, value: Object.assign(worker, { isPrepared: true }) }),
    warm: () => undefined,
  }));
  await shell.files.perform({
    op: 'write',
    path: 'note.txt',
    position: 0,
    truncateTo: null,
    bytes: new TextEncoder().encode('hers\n'),
  });
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const began = nowSeconds();
  const { outcome, stdout } = await shell.run(
    'cat note.txt; pwd; echo $EPOCHSECONDS; echo mine >made.txt; grep -c " /mnt/data " /proc/mounts',
  );
  const [note, folder, seconds, mounts] = stdout.split('\n');
  expect({ kind: outcome.kind, note, folder, mounts }).toEqual({
    kind: 'completed',
    note: 'hers',
    folder: '/mnt/data',
    mounts: '1',
  });
  // It stood still meanwhile: its clock is that of now all the same.
  expect(Number(seconds)).toBeGreaterThanOrEqual(began - 1);
  expect(Number(seconds)).toBeLessThanOrEqual(nowSeconds() + 1);
  expect((await shell.run('cat made.txt')).stdout).toBe('mine\n');
  shell.dispose();
  expect(await left()).toEqual([]);
});

test('one that began for a session before its call has come has its files, like any other', async () => {
  const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => true });
  const expected = Promise.withResolvers<EngineSpec>();
  runner.expect?.({ expect: expected.resolve });
  const engine = await expected.promise;
  expect(engine).toMatchObject({ id: 'linux-small', isCostly: true });
  const plain = createNodeBoxes();
  const opened = await plain.open(engine, { signal: new AbortController().signal });
  if (!opened.ok) throw new Error(opened.error.code);
  // Long enough that it stands, and has said so to nobody.
  await pause(BEGUN_MS);
  const shell = await openInNode(runner, {}, undefined, () => ({ open: async () => opened, warm: () => undefined }));
  expect((await shell.run('pwd; echo mine >made.txt')).stdout).toBe('/mnt/data\n');
  expect((await shell.run('cat made.txt')).stdout).toBe('mine\n');
  shell.dispose();
  expect(await plain.left()).toEqual([]);
});

test('one without its image makes none', async () => {
  const missing = createLinuxRunner({
    source: {
      load: () => Promise.reject(new Error('not there')),
      script: () => Promise.reject(new Error('not there')),
    },
    isSmall: () => true,
  });
  const asked: EngineSpec[] = [];
  const boxes: BoxOpener = { ...createNodeBoxes(), warm: (engine) => void asked.push(engine) };
  missing.warm(boxes);
  missing.expect?.({ expect: (engine) => void asked.push(engine) });
  // The same question, asked after it.
  expect(await openInNode(missing, {}, undefined, () => boxes).catch(String)).toContain('linux/not-built');
  expect(asked).toEqual([]);
});
