import { writeFile } from 'node:fs/promises';
import type { PythonManifest } from './manifest.ts';
import type { Pinned } from './packages/from-url.ts';
import type { GatheredPackage } from './packages/gather.ts';

/**
 * The tracked list of what is vendored: each file with its SHA-256, each package with version, licence, source. The files
 * themselves are not in the repository; a build on another machine is compared by this list.
 */
export async function writeVendored(
  place: string,
  { files, packages: listed }: PythonManifest,
  packages: readonly GatheredPackage[],
  pack: readonly Pinned[],
): Promise<void> {
  const describe = (name: string): { version: string; licence: string; source: string } =>
    ENGINE.has(name)
      ? { version: '0.29.5', licence: 'MPL-2.0', source: 'npm pyodide' }
      : { version: 'made', licence: 'see LICENCES.txt', source: 'tools/vendor' };
  const list = {
    'python/': files.map((file) => ({
      file: file.name,
      ...describe(file.name),
      bytes: file.bytes,
      sha256: file.sha256,
    })),
    'python/packages.image.gz': listed.map(({ name, version, licence }, position) => ({
      package: name,
      version,
      licence,
      source: packages[position]?.origin ?? '',
    })),
    // From the pins alone: the list is the same with and without the pack.
    'python/, only with --from-url': pack.map(({ spec, locked }) => ({
      package: spec.name,
      version: locked.version,
      licence: spec.licence,
      source: `${locked.file_name} of Pyodide`,
      sha256: locked.sha256,
    })),
  };
  const rows = Object.entries(list).map(
    ([name, entries]) =>
      ` ${JSON.stringify(name)}: [\n${entries.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n ]`,
  );
  await writeFile(place, `{\n${rows.join(',\n')}\n}\n`);
}

const ENGINE = new Set(['pyodide.js', 'pyodide.asm.js', 'pyodide.asm.wasm', 'python-stdlib.bin', 'lock.json']);
