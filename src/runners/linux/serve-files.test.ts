import { expect, test } from 'vitest';
import { MemoryFiles } from '../../../tests/support/kit/memory-files.ts';
import { untakenRejections } from '../../../tests/support/untaken-rejections.ts';
import { serveFiles } from './serve-files.ts';

test('ends with its session where the server could not be opened, and who waits for it is told why', async () => {
  class Broken extends MemoryFiles {
    override perform(): never {
      throw new Error('no store');
    }
  }
  const untaken = await untakenRejections(async () => {
    const served = serveFiles(new Broken(), { volumes: [{ source: 'data', target: '/data', isReadOnly: false }] });
    served.close();
    await expect(served.settled()).rejects.toThrow('no store');
  });
  expect(untaken).toEqual([]);
});
