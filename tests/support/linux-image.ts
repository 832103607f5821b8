import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Throws, with the command that builds it, when the Linux image is not there; for `beforeAll` of what needs a machine. */
export function needsLinuxImage(): void {
  if (existsSync(join(import.meta.dirname, '../../public/vendor/linux/manifest.json'))) return;
  throw new Error('The Linux images are not built: npm run build:linux');
}
