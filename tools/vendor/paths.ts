import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Where programs of this person keep what can be made again (XDG Base Directory Specification, 0.8). */
const USER_CACHE = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
/**
 * Everything that takes minutes and can be made again, by what it is made from: one for all clones of a person, as a
 * second clone makes the same. `COMPANION_CACHE` puts it elsewhere.
 */
export const CACHE = resolve(process.env['COMPANION_CACHE'] || join(USER_CACHE, 'chatgpt-companion'), 'vendor');
/** Official wheels that a person gave to this clone: unlike the cache they change what is built. */
export const GIVEN = join(ROOT, '.cache', 'given');
export const OUTPUT = join(ROOT, 'public/vendor/python');
export const PYODIDE = join(ROOT, 'node_modules/pyodide');
export const HERE = join(ROOT, 'tools/vendor');
export const RUNNER = join(ROOT, 'src/runners/python');
/** Where installed packages lie in the interpreter. */
export const SITE_PACKAGES = '/lib/python3.13/site-packages';
