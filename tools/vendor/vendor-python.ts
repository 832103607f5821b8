import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  cutHeap,
  heapMapName,
  heapPieces,
  readBlock,
  type ModulePlace,
  type ReplayRecord,
} from '../../src/runners/python/heap/index.ts';
import { compressed, copyEngine, makeHeaps, makeStubs } from './assemble.ts';
import { cached } from './cache.ts';
import { runScript } from './child.ts';
import { describeFolder, importTableOf } from './describe-folder.ts';
import { digestOfSources, keyOf, sha256 } from './digest.ts';
import { withDefaultIntegers } from './integers/index.ts';
import { writeLicences } from './licences.ts';
import { MANIFEST, type ManifestPackage, type PythonManifest } from './manifest.ts';
import { compileTrees, compilerKey } from './packages/compile.ts';
import { fontList } from './packages/fonts.ts';
import { type Given, pinned, readLock } from './packages/from-url.ts';
import { gatherPackages, type GatheredPackage } from './packages/gather.ts';
import { buildImage, encodeBlock } from './packages/image.ts';
import { metadataVersion, selectFiles, topLevelModules } from './packages/select.ts';
import { readPackagePins, readPackSpecs, readSpecs, type PackageSpec } from './packages/spec.ts';
import {
  BASE_IMAGE,
  CORE_IMAGE,
  FIRST_IMAGE,
  imagesOf,
  requirementsOf,
  splitIntoImages,
  type CompiledPackage,
} from './packages/split.ts';
import { supportTree } from './packages/support.ts';
import type { Tree } from './packages/tree.ts';
import { HERE, OUTPUT, PYODIDE, ROOT, RUNNER, SITE_PACKAGES } from './paths.ts';
import { addSciencePack } from './science-pack.ts';
import { writeVendored } from './vendored-list.ts';

/**
 * Makes public/vendor/python, or leaves it when it was made from the same sources. `say` gets a line of progress a step;
 * `given` are the official wheels that a person has.
 */
export async function vendorPython(say: (line: string) => void, given: Given): Promise<void> {
  const key = await inputsKey(given);
  if (await isCurrent(key)) {
    say(`python: up to date in ${OUTPUT}`);
    return;
  }
  const specs = await readSpecs();
  const instead = new Map(given.instead.map(({ spec, bytes }) => [spec.name, bytes]));
  const gathered = await gatherPackages(specs, await readPackagePins(), instead, say);
  const packages = await withDefaultIntegers(gathered);
  say(`python: ${String(packages.length)} packages gathered`);
  const compiled = await compilePackages(packages);
  const support = (await compileTrees([await supportTree()], await compilerKey()))[0] ?? new Map<string, Uint8Array>();
  say('python: compiled');
  const heaps = await makeHeaps(await wholeImage([...compiled.map(({ tree }) => tree), support]));
  say('python: heaps saved');

  // Made aside and put in place whole: a build of the extension may be reading the folder.
  const draft = `${OUTPUT}.${String(process.pid)}.draft`;
  try {
    await mkdir(join(draft, 'packages'), { recursive: true });
    await copyEngine(draft);
    await copyFile(join(heaps, 'science.replay.json'), join(draft, 'science.replay.json'));
    for (const heap of ['base', 'science'] as const) await writeHeap(heap, join(heaps, `${heap}.heap`), draft);
    await writeImages(draft, compiled, support, heaps);
    await makeStubs(draft);
    await writeLicences(draft, packages);
    const listed = await describe(draft, packages, compiled, key);
    if (given.pack.length > 0) await addSciencePack(draft, given.pack);
    const timings = await runScript(join(HERE, 'heap/check-heaps.ts'), [draft, PYODIDE]);
    say(`python: restored heaps equal a cold start ${timings.trim()}`);
    await writeTracked(packages, listed);
    await rm(OUTPUT, { recursive: true, force: true });
    await rename(draft, OUTPUT);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Changes when anything does that the folder is made from; reads no large file. */
async function inputsKey({ instead, pack }: Given): Promise<string> {
  const sources = await digestOfSources([
    HERE,
    ...['heap', 'support', 'packages'].map((folder) => join(RUNNER, folder)),
  ]);
  const engine = await readFile(join(PYODIDE, 'package.json'), 'utf8');
  const wheels = [...instead, ...pack].map(({ locked }) => locked.sha256);
  return keyOf(sources, engine, process.version, ...wheels);
}

async function isCurrent(key: string): Promise<boolean> {
  const place = join(OUTPUT, MANIFEST);
  if (!existsSync(place)) return false;
  const manifest = JSON.parse(await readFile(place, 'utf8')) as Partial<PythonManifest>;
  const isWhole = await Promise.all(
    (manifest.files ?? []).map(
      async ({ name, bytes }) => (await stat(join(OUTPUT, name)).catch(() => null))?.size === bytes,
    ),
  );
  return manifest.madeFrom === key && isWhole.every(Boolean);
}

async function compilePackages(packages: readonly GatheredPackage[]): Promise<CompiledPackage[]> {
  const selected = packages.map(({ spec, tree }) =>
    selectFiles(
      tree,
      (spec.drop ?? []).map((pattern) => new RegExp(pattern)),
    ),
  );
  const trees = await compileTrees(
    selected,
    await compilerKey(),
    packages.map(({ spec }) => spec),
  );
  const fonts = await fontList(trees);
  return packages.map(({ spec }, position) => {
    const tree = trees[position] ?? new Map<string, Uint8Array>();
    return { spec, tree: spec.name === 'matplotlib' ? new Map([...tree, ...fonts]) : tree };
  });
}

/** All packages in one image: what is mounted while the heaps are made. Does not ship. */
async function wholeImage(trees: readonly Tree[]): Promise<{ folder: string; digest: string }> {
  const { index, image } = buildImage(trees, SITE_PACKAGES);
  const digest = keyOf(sha256(image), JSON.stringify(index.entries));
  const folder = await cached('image', digest, async (draft) => {
    await writeFile(join(draft, 'packages.image'), image);
    await writeFile(join(draft, 'packages.index.json'), JSON.stringify(index));
  });
  return { folder, digest };
}

const PLAIN_IMAGES = new Set([BASE_IMAGE, FIRST_IMAGE, CORE_IMAGE]);

async function writeHeap(heap: 'base' | 'science', from: string, output: string): Promise<void> {
  const { map, pieces } = cutHeap(heap, await readFile(from));
  for (const [at, name] of heapPieces(heap).entries())
    await writeFile(join(output, name), pieces[at] ?? new Uint8Array());
  await writeFile(join(output, heapMapName(heap)), JSON.stringify(map));
}

/** Writes the images that ship, and where the side modules of the science heap lie in theirs. */
async function writeImages(
  output: string,
  compiled: readonly CompiledPackage[],
  support: Tree,
  heaps: string,
): Promise<void> {
  const imported = JSON.parse(await readFile(join(heaps, 'science.imported.json'), 'utf8')) as string[];
  const record = JSON.parse(await readFile(join(heaps, 'science.replay.json'), 'utf8')) as ReplayRecord;
  const images = [...splitIntoImages(compiled, support, new Set(imported))];
  const places = new Map<string, ModulePlace>();
  await Promise.all(
    images.map(async ([name, tree]) => {
      const { index, image } = buildImage([tree], SITE_PACKAGES);
      const block = encodeBlock(index, image);
      // What starts wait for lies in the package as it is: a box reads it without inflating (decision 0029).
      if (PLAIN_IMAGES.has(name)) await writeFile(join(output, name), block);
      else await copyFile(await compressed(block), join(output, `${name}.gz`));
      if (name !== CORE_IMAGE && name !== FIRST_IMAGE) return;
      const { imageStart } = readBlock(block);
      for (const [path, offset, length] of index.entries)
        places.set(path, { file: name, offset: imageStart + offset, length });
      // A start knows what lies in the big image before the image has come.
      if (name === CORE_IMAGE) await writeFile(join(output, 'core.index.json'), JSON.stringify({ imageStart, index }));
    }),
  );
  const modules = Object.fromEntries(record.libraries.map((library) => [library.name, places.get(library.name)]));
  await writeFile(join(output, 'science.modules.json'), JSON.stringify(modules));
}

async function describe(
  output: string,
  packages: readonly GatheredPackage[],
  compiled: readonly CompiledPackage[],
  madeFrom: string,
): Promise<PythonManifest> {
  const specs = packages.map(({ spec }) => spec);
  const record = JSON.parse(await readFile(join(output, 'science.replay.json'), 'utf8')) as ReplayRecord;
  return describeFolder(output, {
    version: 1,
    madeFrom,
    pyodideVersion: (await readPackagePins()).pyodide.version,
    buildId: record.buildId,
    tableLength: record.baseTableLength,
    heaps: {
      base: { images: [BASE_IMAGE], provides: [] },
      science: {
        images: [BASE_IMAGE, FIRST_IMAGE, CORE_IMAGE],
        provides: specs.filter(({ group }) => group === 'science').map(({ name }) => name),
      },
    },
    packages: compiled.map((one) => describePackage(one, specs)),
    unavailable: 'src/runners/python/packages.generated.json',
  });
}

function describePackage({ spec, tree }: CompiledPackage, specs: readonly PackageSpec[]): ManifestPackage {
  return {
    name: spec.name,
    version: metadataVersion(tree) ?? '0',
    licence: spec.licence,
    modules: topLevelModules(tree),
    size: [...tree.values()].reduce((sum, contents) => sum + contents.length, 0),
    images: imagesOf(spec),
    requires: requirementsOf(spec, tree, specs),
  };
}

/** Rewrites the lists in the repository that follow from what was made, as they are without the science pack. */
async function writeTracked(packages: readonly GatheredPackage[], manifest: PythonManifest): Promise<void> {
  const table = await importTableOf(manifest.packages);
  await writeFile(join(RUNNER, 'packages.generated.json'), `${JSON.stringify(table, null, 1)}\n`);
  const pack = pinned(await readPackSpecs(), await readLock());
  await writeVendored(join(ROOT, 'public/vendored.json'), manifest, packages, pack);
}
