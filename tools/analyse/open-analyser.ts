import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Analyser, createAnalyser, STANDARD_OPTIONS } from '../../src/analysis/index.ts';
import { javascriptPackages } from '../../src/runners/javascript/index.ts';
import { luaPackages } from '../../src/runners/lua/index.ts';
import type { PackageEntry } from '../../src/contracts/analysis.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Python's table of packages as every build has it that nothing was added to. */
const STANDARD_TABLE = join(ROOT, 'src/runners/python/packages.generated.json');
const VENDORED_TABLE = join(ROOT, 'public/vendor/python/known-packages.json');

/** The table of what is vendored here, with the science pack where that is; the standard one before anything is. */
export const tableHere = (): string => (existsSync(VENDORED_TABLE) ? VENDORED_TABLE : STANDARD_TABLE);

/** The analyser as the host has it, with the Python runtime's own table of packages from a file. */
export function openAnalyser(options = STANDARD_OPTIONS, table = STANDARD_TABLE): Analyser {
  const python = JSON.parse(readFileSync(table, 'utf8')) as Record<string, PackageEntry>;
  return createAnalyser({ packages: { python, javascript: javascriptPackages, lua: luaPackages }, options });
}
