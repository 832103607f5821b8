import { afterEach, expect, it } from 'vitest';
import { createParts } from '../../kit/worker/index.ts';
import { CORE_IMAGE, CORE_INDEX, createCoreImage, readsCoreImage } from './core-image.ts';

const scope = globalThis as { FileReaderSync?: unknown };
afterEach(() => {
  delete scope.FileReaderSync;
});

it('asks the browser for nothing once the whole image is here, whatever becomes of the delivered files', async () => {
  let asked = 0;
  scope.FileReaderSync = class {
    readAsArrayBuffer(): ArrayBuffer {
      asked += 1;
      throw new Error('a read that would never come back');
    }
  };
  const parts = createParts();
  parts.files.set(CORE_INDEX, new Uint8Array());
  parts.blobs.set(CORE_IMAGE, new Blob([Uint8Array.of(1, 2, 3, 4, 5)]));
  expect(readsCoreImage(parts)).toBe(true);
  const core = createCoreImage(parts);
  const read = core.reader(null);
  expect(() => read(1, 3)).toThrow('never come back');
  parts.settleBlobs();
  await Promise.all([core.takeWhole(), core.takeWhole()]);
  parts.files.clear();
  expect([...read(1, 3)]).toEqual([2, 3, 4]);
  expect([...read(0, 0)]).toEqual([]);
  expect(asked).toBe(1);
});

it('says what is missing where neither blob nor host has it', () => {
  scope.FileReaderSync = class {
    readAsArrayBuffer(): ArrayBuffer {
      return new ArrayBuffer(1);
    }
  };
  expect(() => createCoreImage(createParts()).reader(null)(0, 1)).toThrow('the engine lacks core.image');
});
