import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, open, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { cached } from '../vendor/cache.ts';
import { makeDevices, unpackPackages } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { digestOfSources, keyOf } from '../vendor/digest.ts';
import { ROOT } from '../vendor/paths.ts';
import { buildInside, KIT, toolchainKey } from './build-root.ts';
import { readLinuxPins } from './pins.ts';
import { GUEST, HERE } from './places.ts';
import { LIBM_PLACE, libmFile, libmRecipe } from './libm.ts';
import { compileProgram } from './programs.ts';
import { runGuestScript } from './run-guest.ts';

const compress = promisify(zstdCompress);
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 19 } };

/** One piece is what a machine unpacks at a time; smaller ones pack worse, larger ones cost more a read. */
const PIECE_BYTES = 524_288;

/** How a pack is read: piece after piece, each packed by itself; length 0 is a piece of zeros. */
export interface DiskLayout {
  readonly bytes: number;
  readonly pieceBytes: number;
  readonly sizes: readonly number[];
}

/** Files that no program of the guest reads; dpkg keeps them away from later packages too. */
const LEAN = ['doc', 'man', 'info', 'locale', 'lintian', 'bug', 'bash-completion', 'zoneinfo/right', 'zoneinfo/posix']
  .map((name) => `path-exclude=/usr/share/${name}/*\n`)
  .join('');

const PYTHON = join(ROOT, 'src/runners/python');

/** Files and folders of ours, and where they lie in the guest. */
const OWN: readonly { readonly from: string; readonly to: string; readonly isProgram?: boolean }[] = [
  { from: join(GUEST, 'fork-server.py'), to: 'usr/local/lib/guest/fork-server.py' },
  { from: join(GUEST, 'companion_guest'), to: 'usr/local/lib/guest/companion_guest' },
  // The one installer of both Pythons, and the one table of what they have.
  {
    from: join(PYTHON, 'support/companion_runtime/installs.py'),
    to: 'usr/local/lib/guest/companion_guest/installs.py',
  },
  { from: join(PYTHON, 'packages.generated.json'), to: 'usr/local/lib/guest/known-packages.json' },
  { from: join(GUEST, 'tls.cnf'), to: 'usr/local/lib/guest/tls/openssl.cnf' },
  { from: join(GUEST, 'sitecustomize.py'), to: 'usr/lib/python3.11/sitecustomize.py' },
  { from: join(GUEST, 'apt.conf'), to: 'etc/apt/apt.conf.d/companion' },
  { from: join(GUEST, 'apt.sources'), to: 'etc/apt/sources.list.d/debian.sources' },
  ...['pip', 'pip3'].map((name) => ({ from: join(GUEST, 'bin/pip'), to: `usr/local/bin/${name}`, isProgram: true })),
  { from: join(GUEST, 'bin/pip'), to: 'usr/lib/python3/dist-packages/pip/__main__.py' },
  { from: join(GUEST, 'bin/npm'), to: 'usr/local/bin/npm', isProgram: true },
  { from: join(GUEST, 'bin/sudo'), to: 'usr/local/bin/sudo', isProgram: true },
  ...['apt', 'apt-get'].map((name) => ({ from: join(GUEST, 'bin/apt'), to: `usr/local/bin/${name}`, isProgram: true })),
  ...['node', 'nodejs', 'npx'].map((name) => ({
    from: join(GUEST, 'bin/node'),
    to: `usr/local/bin/${name}`,
    isProgram: true,
  })),
];

/**
 * The folder with `full.pack`, `layout.json`, and the texts of all packages' licences under `licences/`. The kernel and
 * the agent are not on the disk.
 */
export async function diskFolder(say: (line: string) => void): Promise<string> {
  const { full } = await readLinuxPins();
  const recipes = [...OWN.map(({ from }) => from), join(GUEST, 'python3.c')];
  const scripts = ['rootfs.sh', 'disk.sh', 'program.sh'].map((name) => join(KIT, name));
  const sources = await digestOfSources([...recipes, ...scripts, join(HERE, 'disk.ts')]);
  const key = keyOf(sources, await libmRecipe(), await toolchainKey(), ...full.map(({ sha256 }) => sha256));
  return cached('linux-disk', key, async (draft) => {
    say(`linux: installing ${String(full.length)} packages of Debian into the full image`);
    const debs = await fetchPinned(full);
    const python = await compileProgram('python3', join(GUEST, 'python3.c'));
    const libm = await libmFile(say);
    await buildInside(
      'disk.sh',
      async (work) => {
        await writeFile(join(work, 'began'), '');
        await fillRoot(join(work, 'rootfs'), debs, { python, libm }, join(draft, 'licences'), say);
      },
      async (work) => {
        say('linux: packing the disk');
        const layout = await pack(join(work, 'out/disk.ext4'), join(draft, 'full.pack'));
        await writeFile(join(draft, 'layout.json'), JSON.stringify(layout));
      },
    );
  });
}

/** What of other folders than this one the disk is made from. */
export const DISK_SOURCES: readonly string[] = OWN.map(({ from }) => from).filter((path) => path.startsWith(PYTHON));

async function fillRoot(
  root: string,
  debs: readonly string[],
  { python, libm }: Readonly<Record<'python' | 'libm', string>>,
  licences: string,
  say: (line: string) => void,
): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
  await mkdir(join(root, 'etc/dpkg/dpkg.cfg.d'), { recursive: true });
  await writeFile(join(root, 'etc/dpkg/dpkg.cfg.d/lean'), LEAN);
  await unpackPackages(root, debs, ['./usr/share/man/*', './usr/share/locale/*']);
  await takeLicences(root, licences);
  await makeDevices(root);
  await mkdir(join(root, 'packages'));
  for (const deb of debs) await copyFile(deb, join(root, 'packages', basename(deb)));
  for (const { from, to, isProgram = false } of OWN) {
    // Where rootfs.sh takes it from, once dpkg has put all of its own in place.
    const place = join(root, 'own', to);
    await cp(from, place, { recursive: true, filter: (path) => !path.endsWith('__pycache__') });
    if (isProgram) await chmod(place, 0o755);
  }
  await copyFile(join(KIT, 'rootfs.sh'), join(root, 'rootfs.sh'));
  await runGuestScript(root, '/rootfs.sh', say);
  await rm(join(root, 'rootfs.sh'));
  await copyFile(python, join(root, 'usr/local/bin/python3'));
  await chmod(join(root, 'usr/local/bin/python3'), 0o755);
  // Last: the scripts of packages run on the machine that builds, with the library that Debian made for it.
  await copyFile(libm, join(root, LIBM_PLACE));
}

/**
 * Every package names its terms in a file of its own; it shares the texts of common licences. Packages that share a folder
 * with another (a link) share its file.
 */
async function takeLicences(root: string, folder: string): Promise<void> {
  const share = join(root, 'usr/share');
  await mkdir(join(folder, 'packages'), { recursive: true });
  for (const entry of await readdir(join(share, 'doc'), { withFileTypes: true })) {
    const text = join(share, 'doc', entry.name, 'copyright');
    if (entry.isDirectory() && existsSync(text)) await copyFile(text, join(folder, 'packages', entry.name));
  }
  await cp(join(share, 'common-licenses'), join(folder, 'common'), { recursive: true, dereference: true });
  await rm(join(share, 'doc'), { recursive: true });
}

/** Packs a disk piece by piece, four at a time. */
async function pack(disk: string, target: string): Promise<DiskLayout> {
  const [input, output] = [await open(disk, 'r'), await open(target, 'w')];
  try {
    const { size } = await input.stat();
    const sizes: number[] = [];
    const pieceOf = async (offset: number): Promise<Buffer> => {
      const bytes = Buffer.alloc(Math.min(PIECE_BYTES, size - offset));
      await input.read(bytes, 0, bytes.length, offset);
      return bytes.some((byte) => byte !== 0) ? compress(bytes, LEVEL) : Buffer.alloc(0);
    };
    const stride = PIECE_BYTES * 4;
    for (let start = 0; start < size; start += stride) {
      const offsets = [0, 1, 2, 3].map((turn) => start + turn * PIECE_BYTES).filter((offset) => offset < size);
      for (const piece of await Promise.all(offsets.map(pieceOf))) {
        await output.write(piece);
        sizes.push(piece.length);
      }
    }
    return { bytes: size, pieceBytes: PIECE_BYTES, sizes };
  } finally {
    await input.close();
    await output.close();
  }
}
