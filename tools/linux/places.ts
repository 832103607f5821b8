import { join } from 'node:path';
import { ROOT } from '../vendor/paths.ts';

export const HERE = join(ROOT, 'tools/linux');
/** What goes into the guest besides packages. */
export const GUEST = join(HERE, 'guest');
export const AGENT = join(ROOT, 'src/container/agent');
export const OUTPUT = join(ROOT, 'public/vendor/linux');
