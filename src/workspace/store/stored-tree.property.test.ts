import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryOpfs, type MemoryOpfs } from '../../../tests/support/memory-opfs.ts';
import { ModelFiles } from '../../../tests/support/workspace/model-files.ts';
import { changes } from '../../../tests/support/workspace/operations.ts';
import { contentOf } from '../../../tests/support/workspace/tree-content.ts';
import type { FileOperation } from '../../contracts/files.ts';
import { OpenFiles } from './open-files.ts';
import { StoredTree } from './stored-tree.ts';

function treeOf(store: MemoryOpfs): StoredTree {
  const open = new OpenFiles(async () => undefined);
  return new StoredTree({ directory: async () => store.root, open, now: () => 1 });
}

test('answers and keeps what the model does, through openings, flushes and logs made anew', async () => {
  const step = fc.oneof(
    { weight: 12, arbitrary: changes },
    { weight: 1, arbitrary: fc.constantFrom('sleep' as const, 'flush' as const, 'reopen' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const store = createMemoryOpfs();
      const model = new ModelFiles();
      let tree = treeOf(store);
      for (const one of steps) {
        if (one === 'sleep') await tree.sleep();
        else if (one === 'flush') await tree.flush();
        else if (one === 'reopen') {
          // The world ends without a word to anybody.
          store.revive();
          tree = treeOf(store);
        } else {
          const answer = await tree.perform(one);
          expect(answer.ok ? null : answer.errno, JSON.stringify(one)).toBe(model.change(one));
        }
      }
      expect(await contentOf(tree)).toEqual(model.content());
      store.revive();
      expect(await contentOf(treeOf(store))).toEqual(model.content());
    }),
    { numRuns: 150 },
  );
});

type Content = ReturnType<ModelFiles['content']>;

/** Every state that a large file may be left in by an operation that was never answered. */
function betweenStates(model: ModelFiles, operation: FileOperation): ModelFiles[] {
  const [before, after] = [model.copy(), model.copy()];
  after.change(operation);
  if (operation.op !== 'write') return [before, after];
  const cut = model.copy();
  if (operation.truncateTo !== null) cut.change({ ...operation, bytes: null });
  return [before, cut, after];
}

/** The bytes a write was to put over old ones may be there in part; everything else is exact. */
function withoutOverwritten(content: Content, operation: FileOperation): Content {
  return content.map(([path, text]) => [path, path === pathOf(operation) ? text.replace(/:.*/, '') : text]);
}

const pathOf = (operation: FileOperation): string => (operation.op === 'write' ? operation.path : '');

function expectOneOf(model: ModelFiles, unanswered: FileOperation | null, found: Content): void {
  if (unanswered === null) {
    expect(found).toEqual(model.content());
    return;
  }
  const exact = betweenStates(model, unanswered).map((state) => state.content());
  const isLarge = (model.entries.get(pathOf(unanswered))?.length ?? 0) > 64 * 1024;
  const seen = (content: Content) => (isLarge ? withoutOverwritten(content, unanswered) : content);
  expect(exact.map(seen)).toContainEqual(seen(found));
}

test('wherever the world dies, what was answered is there, and what was not is there in whole or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(changes, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 200_000 }),
      async (operations, after, bytesOfTheLast) => {
        const store = createMemoryOpfs();
        const model = new ModelFiles();
        const tree = treeOf(store);
        await tree.perform({ op: 'stat', path: '' });
        store.diesAfter(after, bytesOfTheLast);
        let last: FileOperation | null = null;
        for (const operation of operations) {
          const answer = await tree.perform(operation);
          const expected = model.copy().change(operation);
          if (!answer.ok && answer.errno !== expected) {
            last = operation;
            break;
          }
          model.change(operation);
        }
        store.revive();
        const opened = treeOf(store);
        expectOneOf(model, last, await contentOf(opened));
        expect(await opened.damaged()).toEqual({ ok: true, entries: [] });
      },
    ),
    { numRuns: 400 },
  );
});

test('a log with a flipped byte opens, and everything before that byte is there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 5_000 }), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
      const store = createMemoryOpfs();
      const tree = treeOf(store);
      const at: number[] = [];
      for (let n = 0; n < 20; n += 1) {
        await tree.perform({ op: 'write', path: `f${n}`, position: 0, bytes: new Uint8Array(n), truncateTo: null });
        at.push(store.totalBytes());
      }
      const flipped = 16 + (place % (store.totalBytes() - 16));
      store.revive();
      const log = await (await store.root.getFileHandle('log-1')).createSyncAccessHandle();
      const byte = new Uint8Array(1);
      log.read(byte, { at: flipped });
      log.write(Uint8Array.of((byte[0] ?? 0) ^ flip), { at: flipped });
      const bytes = new Uint8Array(log.getSize());
      log.read(bytes, { at: 0 });
      log.close();
      const named = new TextDecoder().decode(bytes).match(/"path":"f1?\d"/gu) ?? [];
      const found = treeOf(store);
      const names = (await found.all()).map(({ path }) => path);
      const whole = at.filter((end) => end <= flipped).map((_, n) => `f${n}`);
      expect(names).toEqual(expect.arrayContaining(whole));
      expect(names.length).toBeLessThan(20);
      // The last record alone may look like one that was never written whole.
      const isLastAlone = names.length === 19 && !names.includes('f19');
      // A flip within a name can make it that of another file, which is whole: nothing tells them apart.
      const isOtherName = new Set(named).size < named.length;
      if (!isLastAlone && !isOtherName) expect(await found.damaged()).not.toEqual({ ok: true, entries: [] });
    }),
    { numRuns: 100 },
  );
});
