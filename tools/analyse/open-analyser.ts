import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Analyser, createAnalyser, STANDARD_OPTIONS } from '../../src/analysis/index.ts';
import { javascriptPackages } from '../../src/runners/javascript/index.ts';
import { luaPackages } from '../../src/runners/lua/index.ts';
import type { PackageEntry } from '../../src/contracts/analysis.ts';

const TABLE = join(import.meta.dirname, '../../src/runners/python/packages.generated.json');

/** The analyser as the host has it, with the Python runtime's own table of packages. */
export function openAnalyser(options = STANDARD_OPTIONS): Analyser {
  const python = JSON.parse(readFileSync(TABLE, 'utf8')) as Record<string, PackageEntry>;
  return createAnalyser({ packages: { python, javascript: javascriptPackages, lua: luaPackages }, options });
}
