import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { run, runScript } from '../child.ts';
import { refuseWithoutRoot, runInside, unpackBuildRoot } from '../debian/build-root.ts';
import { fetchPinned } from '../debian/fetch.ts';
import { readPins, type PinnedFile } from '../debian/pins.ts';
import { VendorError } from '../fatal.ts';
import { CACHE, HERE, PYODIDE } from '../paths.ts';
import { undefinedImports } from './undefined-imports.ts';

/** Debian packages whose Python files go into our wheels. */
const PYTHON_PARTS = ['python3-matplotlib', 'python-matplotlib-data', 'python3-contourpy', 'python3-pil'];
/** 1.5 GB of system libraries, of which side modules link none, and what no build reads. */
const NOT_UNPACKED = [
  '*/emscripten/cache/sysroot/lib/*',
  '*/emscripten/test/*',
  './usr/share/doc/*',
  './usr/share/man/*',
  './usr/share/locale/*',
];

/**
 * Builds our wheels into `folder` out of pinned Debian packages and sources: unpacks a compiler for WebAssembly into a
 * directory, enters it by chroot and runs kit/build.sh. Needs Debian's dpkg-deb and root.
 */
export async function buildWheels(folder: string, numpyWheel: Uint8Array, say: (line: string) => void): Promise<void> {
  refuseWithoutRoot('Building the Python wheels', `copy ${join(CACHE, 'wheels')} from such a machine`);
  const pins = await readPins();
  const python = pins.python.filter(({ name }) => PYTHON_PARTS.includes(name));
  const [toolchain, parts, sources] = [
    await fetchPinned(pins.toolchain),
    await fetchPinned(python),
    await fetchPinned(pins.sources),
  ];
  say(`wheels: ${String(toolchain.length + parts.length + sources.length)} pinned files of Debian are here`);

  const root = join(CACHE, `build-root.${String(process.pid)}`);
  await rm(root, { recursive: true, force: true });
  try {
    await unpackBuildRoot(root, toolchain, NOT_UNPACKED);
    say('wheels: build root unpacked');
    await fillWorkTree(root, numpyWheel, { python, parts, pinned: pins.sources, sources });
    say((await runInside(root, '/bin/sh', ['/w/kit/build.sh'])).trim());
    await refuseUndefined(join(root, 'w/out'));
    await mkdir(folder, { recursive: true });
    for (const wheel of await readdir(join(root, 'w/dist')))
      await copyFile(join(root, 'w/dist', wheel), join(folder, wheel));
  } finally {
    if (process.env['COMPANION_KEEP_BUILD'] === undefined) await rm(root, { recursive: true, force: true });
  }
}

async function fillWorkTree(
  root: string,
  numpyWheel: Uint8Array,
  given: {
    python: readonly PinnedFile[];
    parts: readonly string[];
    pinned: readonly PinnedFile[];
    sources: readonly string[];
  },
): Promise<void> {
  const work = join(root, 'w');
  await mkdir(join(work, 'downloads'), { recursive: true });
  await cp(join(HERE, 'wheels/kit'), join(work, 'kit'), { recursive: true });
  for (const [position, place] of given.sources.entries()) {
    const pin = given.pinned[position];
    if (pin) await copyFile(place, join(work, 'downloads', `${pin.name}__${basename(pin.path)}`));
  }
  for (const [position, place] of given.parts.entries()) {
    const folder = join(work, 'py', given.python[position]?.name ?? '');
    await mkdir(folder, { recursive: true });
    await run('dpkg-deb', ['-x', place, folder]);
  }
  for (const [path, bytes] of Object.entries(unzipSync(numpyWheel))) {
    if (!/^numpy\/_core\/include\/.*[^/]$/.test(path)) continue;
    await mkdir(join(work, 'numpy', dirname(path)), { recursive: true });
    await writeFile(join(work, 'numpy', path), bytes);
  }
  await writeFile(join(work, 'config-values.json'), await runScript(join(HERE, 'wheels/config-values.ts'), [PYODIDE]));
}

/** A side module links happily with symbols that nobody has, and dies when it is imported. */
async function refuseUndefined(out: string): Promise<void> {
  const main = await readFile(join(PYODIDE, 'pyodide.asm.wasm'));
  const script = await readFile(join(PYODIDE, 'pyodide.asm.js'), 'utf8');
  for (const entry of await readdir(out, { recursive: true })) {
    if (!entry.endsWith('.so')) continue;
    const missing = undefinedImports(main, script, await readFile(join(out, entry)));
    if (missing.length > 0) throw new VendorError(`${entry} needs symbols that Pyodide lacks: ${missing.join(', ')}`);
  }
}
