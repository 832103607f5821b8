import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compressed } from './assemble.ts';
import { describeFolder } from './describe-folder.ts';
import { withNarrowIndices } from './integers/index.ts';
import { appendLicences } from './licences.ts';
import { MANIFEST, type ManifestPackage, type PythonManifest } from './manifest.ts';
import { compileTrees, compilerKey } from './packages/compile.ts';
import type { GivenWheel } from './packages/from-url.ts';
import { fromWheel } from './packages/gather.ts';
import { buildImage, encodeBlock } from './packages/image.ts';
import { selectFiles, topLevelModules } from './packages/select.ts';
import { normalName } from './packages/spec.ts';
import { imagesOf } from './packages/split.ts';
import { SITE_PACKAGES } from './paths.ts';

/**
 * Adds the optional pack to a made folder of the engine: each package is one more image that is mounted when a program
 * imports it, with its rows in the manifest, the import table, the sizes and the licences (decision 0064).
 */
export async function addSciencePack(folder: string, pack: readonly GivenWheel[]): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as PythonManifest;
  const names = new Map(
    [...manifest.packages, ...pack.map(({ spec }) => spec)].map(({ name }) => [normalName(name), name]),
  );
  const gathered = pack.map(({ spec, locked, bytes }) =>
    fromWheel(spec, bytes, `${locked.file_name} of Pyodide, SHA-256 ${locked.sha256}`),
  );
  const trees = await compileTrees(
    gathered.map(({ tree }) => withNarrowIndices(selectFiles(tree))),
    await compilerKey(),
  );
  const added: ManifestPackage[] = [];
  for (const [position, { spec, locked }] of pack.entries()) {
    const tree = trees[position] ?? new Map<string, Uint8Array>();
    const { index, image } = buildImage([tree], SITE_PACKAGES);
    for (const name of imagesOf(spec)) {
      const place = join(folder, `${name}.gz`);
      await mkdir(dirname(place), { recursive: true });
      await copyFile(await compressed(encodeBlock(index, image)), place);
    }
    added.push({
      name: spec.name,
      version: locked.version,
      licence: spec.licence,
      modules: topLevelModules(tree),
      size: image.length,
      images: imagesOf(spec),
      requires: locked.depends.flatMap((name) => names.get(normalName(name)) ?? []),
    });
  }
  await appendLicences(folder, gathered);
  await describeFolder(folder, { ...manifest, packages: [...manifest.packages, ...added] });
}
