import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { compressed } from './assemble.ts';
import { VendorError } from './fatal.ts';
import { describeFiles, writePackManifest, type ManifestPackage } from './manifest.ts';
import { compileTrees, compilerKey } from './packages/compile.ts';
import {
  lockedClosure,
  replaceable,
  SCIENCE_PACK_ROOTS,
  takeOfficial,
  type LockedPackages,
} from './packages/from-url.ts';
import { buildImage, encodeBlock } from './packages/image.ts';
import { selectFiles, topLevelModules } from './packages/select.ts';
import { normalName, readSpecs } from './packages/spec.ts';
import type { Tree } from './packages/tree.ts';
import { CACHE, PYODIDE, SCIENCE_PACK, SITE_PACKAGES } from './paths.ts';

const GIVEN = join(CACHE, 'given');

async function readLock(): Promise<LockedPackages> {
  const lock = JSON.parse(await readFile(join(PYODIDE, 'pyodide-lock.json'), 'utf8')) as { packages: LockedPackages };
  return lock.packages;
}

/** Official wheels at `base` for the packages that we build ourselves, by package name. */
export async function givenWheels(base: string, say: (line: string) => void): Promise<Map<string, Uint8Array>> {
  const given = new Map<string, Uint8Array>();
  for (const { spec, locked } of replaceable(await readLock(), await readSpecs())) {
    const wheel = await takeOfficial(base, locked, GIVEN);
    if (wheel) given.set(spec.name, wheel);
    say(
      wheel
        ? `from-url: ${locked.file_name} replaces our ${spec.name}`
        : `from-url: no ${locked.file_name}; our ${spec.name} stays`,
    );
  }
  return given;
}

/**
 * Makes public/vendor/python-science-pack out of official wheels: scipy, scikit-learn and what they need. Throws when a
 * file is missing: half a pack is of no use.
 */
export async function vendorSciencePack(base: string, say: (line: string) => void): Promise<void> {
  const present = new Set((await readSpecs()).map(({ name }) => normalName(name)));
  const wanted = lockedClosure(await readLock(), SCIENCE_PACK_ROOTS, present);
  const trees: Tree[] = [];
  for (const locked of wanted) {
    const wheel = await takeOfficial(base, locked, GIVEN);
    if (!wheel) throw new VendorError(`${base} has no ${locked.file_name}, which the science pack needs.`);
    trees.push(selectFiles(new Map(Object.entries(unzipSync(wheel)).filter(([path]) => !path.endsWith('/')))));
  }
  const compiled = await compileTrees(trees, await compilerKey());
  await rm(SCIENCE_PACK, { recursive: true, force: true });
  const packages: ManifestPackage[] = [];
  for (const [position, locked] of wanted.entries()) {
    const tree = compiled[position] ?? new Map<string, Uint8Array>();
    const image = `packages/${normalName(locked.name)}.image`;
    const place = join(SCIENCE_PACK, `${image}.gz`);
    await mkdir(dirname(place), { recursive: true });
    const built = buildImage([tree], SITE_PACKAGES);
    await copyFile(await compressed(encodeBlock(built.index, built.image)), place);
    packages.push({
      name: locked.name,
      version: locked.version,
      licence: 'see its metadata',
      modules: topLevelModules(tree),
      size: built.image.length,
      images: [image],
      requires: locked.depends,
    });
  }
  await writePackManifest(SCIENCE_PACK, { version: 1, files: await describeFiles(SCIENCE_PACK), packages });
  say(`science pack: ${String(packages.length)} packages`);
}
