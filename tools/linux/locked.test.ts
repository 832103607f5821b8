import { expect, it } from 'vitest';
import { initrdRecipe } from './initrd.ts';
import { kernelRecipe } from './kernel.ts';
import { readLock } from './locked.ts';

// The bytes of a part of another recipe are compared with nothing.
it.each([
  ['kernel', kernelRecipe, 'npm run build:linux -- --twice compiles the kernel'],
  ['initrd', initrdRecipe, 'npm run build:linux packs the initrd'],
] as const)('the %s that is locked is of what the repository has now', async (part, recipe, renew) => {
  expect((await readLock(part)).recipe, `${renew} and says what to put into tools/linux/${part}.lock.json`).toBe(
    await recipe(),
  );
});
