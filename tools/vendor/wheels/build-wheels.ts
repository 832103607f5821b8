import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { run, runScript } from '../child.ts';
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
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/dpkg-deb')) {
    throw new VendorError(
      'Building the Python wheels needs Debian and root: run as root on Debian, or copy .cache/vendor/wheels from such a machine.',
    );
  }
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
    await unpackToolchain(root, toolchain);
    say('wheels: build root unpacked');
    await fillWorkTree(root, numpyWheel, { python, parts, pinned: pins.sources, sources });
    say((await run('/usr/sbin/chroot', [root, '/usr/bin/env', '-i', '/bin/sh', '/w/kit/build.sh'])).trim());
    await refuseUndefined(join(root, 'w/out'));
    await mkdir(folder, { recursive: true });
    for (const wheel of await readdir(join(root, 'w/dist')))
      await copyFile(join(root, 'w/dist', wheel), join(folder, wheel));
  } finally {
    if (process.env['COMPANION_KEEP_BUILD'] === undefined) await rm(root, { recursive: true, force: true });
  }
}

/** Unpacks packages without running their scripts: nothing of them touches this system. */
async function unpackToolchain(root: string, debs: readonly string[]): Promise<void> {
  await mkdir(join(root, 'usr'), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
  const excludes = NOT_UNPACKED.map((pattern) => `--exclude='${pattern}'`).join(' ');
  for (const deb of debs) {
    await run('/bin/sh', [
      '-c',
      `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink ${excludes}`,
      'sh',
      deb,
      root,
    ]);
  }
  await mkdir(join(root, 'dev'), { recursive: true });
  await mkdir(join(root, 'tmp'), { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
  await run('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
  await run('mknod', ['-m', '666', join(root, 'dev/urandom'), 'c', '1', '9']);
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
