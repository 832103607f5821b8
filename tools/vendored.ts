import { join } from 'node:path';
import { runStep } from './run-step.ts';

/** Makes sure that the vendored engines lie in `public/vendor`; seconds when they are already there. */
export async function ensureVendored(): Promise<void> {
  await runStep('vendored engines', process.execPath, [join(import.meta.dirname, 'vendor.ts')]);
}

/**
 * Makes sure that the Linux images lie in `public/vendor/linux`; minutes the first time. Where they cannot be built it says
 * why and goes on: everything else works without them, and the tests that restore them fail.
 */
export async function ensureLinux(): Promise<void> {
  try {
    await runStep('Linux images', process.execPath, [join(import.meta.dirname, 'build-linux.ts')]);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** Says so where what is built now has no Linux, or an older one; a picture does not wait for a kernel. */
export async function sayWhetherLinux(): Promise<void> {
  const { linuxState } = await import('./linux/vendor-linux.ts');
  const state = await linuxState();
  if (state === 'current') return;
  const what = state === 'absent' ? 'The Linux images are not built' : 'The Linux images are older than their sources';
  process.stderr.write(`${what}; npm run build:linux makes them, in some minutes.\n`);
}
