import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compressed, copyEngine, makeHeaps } from './assemble.ts';
import { cached } from './cache.ts';
import { runScript } from './child.ts';
import { digestOfSources, keyOf, sha256 } from './digest.ts';
import { VendorError } from './fatal.ts';
import { readBuildId } from './heap/node-pyodide.ts';
import { importTable, type UnavailableRow } from './import-table.ts';
import { writeLicences } from './licences.ts';
import { describeFiles, MANIFEST, storeObjections, writeManifest, type ManifestPackage, type PythonManifest } from './manifest.ts';
import { compileTrees, compilerKey } from './packages/compile.ts';
import { fontList } from './packages/fonts.ts';
import { gatherPackages, type GatheredPackage } from './packages/gather.ts';
import { buildImage } from './packages/image.ts';
import { metadataVersion, selectFiles, topLevelModules } from './packages/select.ts';
import { readPackagePins, readSpecs } from './packages/spec.ts';
import { supportTree } from './packages/support.ts';
import type { Tree } from './packages/tree.ts';
import { HERE, OUTPUT, PYODIDE, ROOT, RUNNER, SITE_PACKAGES } from './paths.ts';
import { writeVendored } from './vendored-list.ts';

/** Wheels that a person gave, by package name; they replace ours. */
export type GivenWheels = ReadonlyMap<string, Uint8Array>;

/**
 * Makes public/vendor/python, or leaves it when it was made from the same sources. `say` gets a line of progress a step.
 */
export async function vendorPython(say: (line: string) => void, given: GivenWheels = new Map()): Promise<void> {
  const key = await inputsKey(given);
  if (await isCurrent(key)) {
    say(`python: up to date in ${OUTPUT}`);
    return;
  }
  const specs = await readSpecs();
  const packages = await gatherPackages(specs, await readPackagePins(), given);
  say(`python: ${String(packages.length)} packages gathered`);
  const trees = await compilePackages(packages);
  say('python: compiled');
  const support = (await compileTrees([await supportTree()], await compilerKey()))[0] ?? new Map<string, Uint8Array>();
  const image = await makeImage([...trees, support]);
  const [heaps, imageGz] = await Promise.all([makeHeaps(image), compressed(join(image.folder, 'packages.image'))]);
  say('python: heaps saved');

  await rm(OUTPUT, { recursive: true, force: true });
  await mkdir(OUTPUT, { recursive: true });
  await copyEngine(OUTPUT);
  await copyFile(imageGz, join(OUTPUT, 'packages.image.gz'));
  await copyFile(join(image.folder, 'packages.index.json'), join(OUTPUT, 'packages.index.json'));
  for (const name of ['base.heap.gz', 'science.heap.gz', 'science.replay.json']) await copyFile(join(heaps, name), join(OUTPUT, name));
  await writeLicences(OUTPUT, packages);
  const timings = await runScript(join(HERE, 'heap/check-heaps.ts'), [OUTPUT, PYODIDE]);
  say(`python: restored heaps equal a cold start ${timings.trim()}`);
  await describe(packages, trees, key);
}

/** Changes when anything does that the folder is made from; reads no large file. */
async function inputsKey(given: GivenWheels): Promise<string> {
  const sources = await digestOfSources([HERE, join(RUNNER, 'heap'), join(RUNNER, 'support')]);
  const engine = await readFile(join(PYODIDE, 'package.json'), 'utf8');
  return keyOf(sources, engine, process.version, ...[...given].map(([name, bytes]) => `${name} ${sha256(bytes)}`));
}

async function isCurrent(key: string): Promise<boolean> {
  const place = join(OUTPUT, MANIFEST);
  if (!existsSync(place)) return false;
  const manifest = JSON.parse(await readFile(place, 'utf8')) as Partial<PythonManifest>;
  const isWhole = await Promise.all(
    (manifest.files ?? []).map(async ({ name, bytes }) => (await stat(join(OUTPUT, name)).catch(() => null))?.size === bytes),
  );
  return manifest.madeFrom === key && isWhole.every(Boolean);
}

async function compilePackages(packages: readonly GatheredPackage[]): Promise<Tree[]> {
  const selected = packages.map(({ spec, tree }) => selectFiles(tree, (spec.drop ?? []).map((pattern) => new RegExp(pattern))));
  const compiled = await compileTrees(selected, await compilerKey());
  const plots = packages.findIndex(({ spec }) => spec.name === 'matplotlib');
  const fonts = await fontList(compiled);
  return compiled.map((tree, position) => (position === plots ? new Map([...tree, ...fonts]) : tree));
}

async function makeImage(trees: readonly Tree[]): Promise<{ folder: string; digest: string }> {
  const { index, image } = buildImage(trees, SITE_PACKAGES);
  const digest = keyOf(sha256(image), JSON.stringify(index.entries));
  const folder = await cached('image', digest, async (draft) => {
    await writeFile(join(draft, 'packages.image'), image);
    await writeFile(join(draft, 'packages.index.json'), JSON.stringify(index));
  });
  return { folder, digest };
}

async function describe(packages: readonly GatheredPackage[], trees: readonly Tree[], madeFrom: string): Promise<void> {
  const listed = packages.map(({ spec }, position): ManifestPackage => {
    const tree: Tree = trees[position] ?? new Map();
    const size = [...tree.values()].reduce((sum, contents) => sum + contents.length, 0);
    return {
      name: spec.name,
      version: metadataVersion(tree) ?? '0',
      licence: spec.licence,
      modules: topLevelModules(tree),
      size,
    };
  });
  const files = await describeFiles(OUTPUT);
  const objections = storeObjections(files);
  if (objections.length > 0) throw new VendorError(`A store would refuse this: ${objections.join('; ')}.`);
  const record = JSON.parse(await readFile(join(OUTPUT, 'science.replay.json'), 'utf8')) as { baseTableLength: number };
  const unavailable = JSON.parse(await readFile(join(HERE, 'unavailable.json'), 'utf8')) as UnavailableRow[];
  const pins = await readPackagePins();
  await writeManifest(OUTPUT, {
    version: 1,
    madeFrom,
    pyodideVersion: pins.pyodide.version,
    buildId: await readBuildId(PYODIDE),
    tableLength: record.baseTableLength,
    files,
    packages: listed,
    unavailable: 'src/runners/python/packages.generated.json',
  });
  const table = importTable(listed, unavailable);
  await writeFile(join(RUNNER, 'packages.generated.json'), `${JSON.stringify(table, null, 1)}\n`);
  await writeVendored(join(ROOT, 'public/vendored.json'), files, packages, listed);
}
