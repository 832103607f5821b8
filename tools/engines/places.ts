import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
export const NODE_MODULES = join(ROOT, 'node_modules');
export const VENDOR = join(ROOT, 'public/vendor');
/** The tracked list of what is vendored. */
export const VENDORED_LIST = join(ROOT, 'public/vendored.json');
