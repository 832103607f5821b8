import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../src/container/web/node-parts.ts');
const NAMES = ['crypto', 'util', 'stream'];
const IMPORTER = /node_modules[\\/]websocket-driver[\\/]/;

/** The file that a package gets for a module of Node; null where that is not ours to say. */
export function nodePartFor(name: string, importer: string | undefined): string | null {
  return importer !== undefined && NAMES.includes(name) && IMPORTER.test(importer) ? FILE : null;
}
