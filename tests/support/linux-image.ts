import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether `npm run build:linux` has been here: what needs a machine is left out where it has not. */
export const hasLinuxImage = existsSync(join(import.meta.dirname, '../../public/vendor/linux/manifest.json'));
