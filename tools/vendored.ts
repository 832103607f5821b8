import { join } from 'node:path';
import { runStep } from './run-step.ts';

/** Makes sure that the vendored engines lie in `public/vendor`; seconds when they are already there. */
export async function ensureVendored(): Promise<void> {
  await runStep('vendored engines', process.execPath, [join(import.meta.dirname, 'vendor.ts')]);
}
