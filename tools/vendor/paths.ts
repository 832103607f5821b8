import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Everything that can be made again; `COMPANION_CACHE` puts it elsewhere. */
export const CACHE = resolve(process.env['COMPANION_CACHE'] ?? join(ROOT, '.cache'), 'vendor');
export const OUTPUT = join(ROOT, 'public/vendor/python');
export const PYODIDE = join(ROOT, 'node_modules/pyodide');
export const HERE = join(ROOT, 'tools/vendor');
export const RUNNER = join(ROOT, 'src/runners/python');
/** Where installed packages lie in the interpreter. */
export const SITE_PACKAGES = '/lib/python3.13/site-packages';
