import { expect, it } from 'vitest';
import { kernelRecipe, readKernelLock } from './kernel.ts';

const RENEW =
  'npm run build:linux -- --twice compiles the kernel and says what to put into tools/linux/kernel.lock.json';

// The bytes of a kernel of another recipe are compared with nothing.
it('the kernel that is locked is of what the repository has now', async () => {
  expect((await readKernelLock()).recipe, RENEW).toBe(await kernelRecipe());
});
