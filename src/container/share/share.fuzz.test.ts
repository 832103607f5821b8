import { expect, test, vi } from 'vitest';
import { hostileRequests } from '../../../tests/support/share/hostile-requests.ts';
import { filesInMemory } from '../../../tests/support/workspace/memory-tree.ts';
import { contentOf } from '../../../tests/support/workspace/tree-content.ts';
import { namesOf } from '../../contracts/file-paths.ts';
import { ServedTree } from './index.ts';

const MOST_BYTES = 4_000_000;

test.each([1, 2, 3])('whatever a guest sends, it is answered, bounded and within its tree (%i)', async (seed) => {
  const failed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const files = filesInMemory(MOST_BYTES);
  const asked: string[] = [];
  const share = new ServedTree({
    files: {
      ...files,
      perform: (operation) => {
        asked.push(operation.path);
        if (operation.op === 'rename') asked.push(operation.to);
        return files.perform(operation);
      },
    },
    mostBytes: MOST_BYTES,
  }).share();
  const answers = new Map<number, number>();
  for (const request of hostileRequests(seed, 30_000)) {
    const reply = await share.handle(request.slice());
    const view = new DataView(reply.buffer);
    expect(view.getUint32(0, true)).toBe(reply.length);
    if (request.length >= 7) expect(view.getUint16(5, true)).toBe((request[5] ?? 0) | ((request[6] ?? 0) << 8));
    const kind = view.getUint8(4) === 7 ? -view.getUint32(7, true) : view.getUint8(4);
    answers.set(kind, (answers.get(kind) ?? 0) + 1);
  }
  await share.idle();
  share.dispose();
  expect(failed).not.toHaveBeenCalled();
  expect(answers.has(-5), 'EIO is a bug of ours').toBe(false);
  // Both sides of the bound were reached: things were made, and much was refused.
  expect([15, 73, 75, 77, 111, 117, 119, -28, -116].filter((kind) => !answers.has(kind))).toEqual([]);
  expect(asked.every((path) => namesOf(path) !== null)).toBe(true);
  const stored = await files.all();
  expect(stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThanOrEqual(MOST_BYTES);
  expect((await contentOf(files)).every(([path]) => !/(^|\/)\.{1,2}(\/|$)|\0/.test(path))).toBe(true);
  failed.mockRestore();
});
