import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { toolPackHead } from '../../src/container/disk/tool-pack.ts';
import { WINDOW_BYTES } from '../../src/container/disk/window.ts';
import type { ToolPackRow } from '../../src/contracts/tool-pack.ts';
import { cached } from '../vendor/cache.ts';
import { unpackPackages } from '../vendor/debian/build-root.ts';
import { fetchPinned } from '../vendor/debian/fetch.ts';
import { digestOfSources, keyOf } from '../vendor/digest.ts';
import { VendorError } from '../vendor/fatal.ts';
import { ROOT } from '../vendor/paths.ts';
import { buildInside, KIT, toolchainKey } from './build-root.ts';
import { type GuestPackage, pinnedPackage, readLinuxPins } from './pins.ts';
import { HERE } from './places.ts';
import { readToolPackPins } from './tool-pack-pins.ts';

const compress = promisify(zstdCompress);
/** As the disk of the full image, of which `disk.ts` says why. */
const PIECE_BYTES = 524_288;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 19 } };
/** What is hashed at a time when a person adds it. */
const HASHED_BYTES = 4 * 2 ** 20;
const NAME = 'companion-tools-1.pack';
/** What the image has of them. What leads to its libraries (libc.so) goes along: beside libc.a alone gcc would link that. */
const IN_IMAGE = ['./usr/include', './usr/bin', './usr/lib/*.o'];
/** For the person who adds it. */
const ABOUT = 'gcc, g++, gdb, strace, tmux and binutils';

/** Of the packages in git: what the list of the package (tool-packs.json) has to say of the file. */
const LIST = join(HERE, 'tool-packs.json');

/** A pack that was built, and its row of the list. */
export interface BuiltToolPack {
  readonly path: string;
  readonly row: ToolPackRow;
}

/** The pack of the pinned packages. Takes a minute, and nothing where it was made before. */
export async function buildToolPack(say: (line: string) => void): Promise<BuiltToolPack> {
  const [{ packages }, { full }] = await Promise.all([readToolPackPins(), readLinuxPins()]);
  return toolPackOf({ name: NAME, about: ABOUT, packages, archivesOf: [pinnedPackage(full, 'libc6-dev')] }, say);
}

/** What a pack is made of. */
interface ToolPackParts extends Pick<ToolPackRow, 'name' | 'about'> {
  readonly packages: readonly GuestPackage[];
  /** Packages of the image, of which it leaves out the archives (.a) that gcc links from. */
  readonly archivesOf?: readonly GuestPackage[];
}

/** A pack of some packages. Throws VendorError where Debian or root is missing and nothing is cached. */
export async function toolPackOf(
  { name, about, packages, archivesOf = [] }: ToolPackParts,
  say: (line: string) => void,
): Promise<BuiltToolPack> {
  const { builder } = await readToolPackPins();
  const container = ['tool-pack.ts', 'window.ts'].map((file) => join(ROOT, 'src/container/disk', file));
  const sources = await digestOfSources([join(KIT, 'tool-pack.sh'), join(HERE, 'tool-pack.ts'), ...container]);
  const hashes = [...builder, ...packages, ...archivesOf].map(({ sha256 }) => sha256);
  const key = keyOf(sources, await toolchainKey(), process.versions.zstd ?? '', ...hashes);
  const folder = await cached('linux-tool-pack', key, async (draft) => {
    say(`linux: making a tool pack of ${String(packages.length)} packages of Debian`);
    const [debs, archives, tools] = await Promise.all([packages, archivesOf, builder].map(fetchPinned));
    await buildInside(
      'tool-pack.sh',
      async (work) => {
        await unpackPackages(await emptyTree(join(work, 'patchelf')), tools ?? []);
        const tree = await emptyTree(join(work, 'tree'));
        await unpackPackages(tree, archives ?? [], IN_IMAGE);
        await unpackPackages(tree, debs ?? []);
        await mkdir(join(tree, 'usr/share/doc'), { recursive: true });
        await writeFile(join(tree, 'usr/share/doc/SOURCES'), sourcesText([...packages, ...archivesOf]));
      },
      async (work) => {
        await writeFile(join(draft, 'tools.pack'), await packed(await readFile(join(work, 'out/pack.ext4'))));
      },
    );
  });
  const path = join(folder, 'tools.pack');
  return { path, row: rowOf(name, about, await readFile(path)) };
}

/** Writes what was built into the list. */
export async function listToolPack({ row }: BuiltToolPack): Promise<void> {
  await writeFile(LIST, `${JSON.stringify([row], null, 2)}\n`);
}

/** Throws VendorError where what was built is not what git says: the same packages give the same bytes. */
export async function compareToolPack({ row }: BuiltToolPack): Promise<void> {
  const [known] = JSON.parse(await readFile(LIST, 'utf8')) as readonly ToolPackRow[];
  if (known?.sha256 === row.sha256) return;
  throw new VendorError(
    `The tool pack has the SHA-256 ${row.sha256}, and tools/linux/tool-packs.json says ${known?.sha256 ?? 'nothing'}. ` +
      'Where that is meant: npm run build:linux -- --pack --list.',
  );
}

/** A tree as packages expect it, whose folders are those of /usr. */
async function emptyTree(root: string): Promise<string> {
  for (const name of ['bin', 'sbin', 'lib']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
  return root;
}

const sourcesText = (packages: readonly GuestPackage[]): string =>
  `Programs of Debian 12 as its packages have them; their terms are in the folders beside this file. Their sources are on Debian's
mirrors and, for good, under https://snapshot.debian.org/package/SOURCE/VERSION/.

${packages.map(({ name, version, source, sourceVersion }) => `${name} ${version} (source: ${source} ${sourceVersion})`).join('\n')}
`;

async function packed(disk: Uint8Array): Promise<Uint8Array> {
  if (disk.length > WINDOW_BYTES) throw new VendorError('The tool pack is larger than its window in the machine.');
  const pieceAt = async (start: number): Promise<Uint8Array> => {
    const piece = disk.subarray(start, start + PIECE_BYTES);
    return piece.some((byte) => byte !== 0) ? compress(piece, LEVEL) : new Uint8Array(0);
  };
  const pieces: Uint8Array[] = [];
  // Two at a time: each takes a hundred megabytes.
  for (let start = 0; start < disk.length; start += 2 * PIECE_BYTES) {
    pieces.push(...(await Promise.all([start, start + PIECE_BYTES].filter((at) => at < disk.length).map(pieceAt))));
  }
  const sizes = pieces.map(({ length }) => length);
  return Buffer.concat([toolPackHead({ bytes: disk.length, pieceBytes: PIECE_BYTES, sizes }), ...pieces]);
}

function rowOf(name: string, about: string, bytes: Uint8Array): ToolPackRow {
  const hashOf = (piece: Uint8Array): string => createHash('sha256').update(piece).digest('hex');
  const count = Math.ceil(bytes.length / HASHED_BYTES);
  return {
    name,
    about,
    bytes: bytes.length,
    sha256: hashOf(bytes),
    pieceBytes: HASHED_BYTES,
    pieces: Array.from({ length: count }, (_none, at) =>
      hashOf(bytes.subarray(at * HASHED_BYTES, (at + 1) * HASHED_BYTES)),
    ),
  };
}
