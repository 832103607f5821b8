import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VendorError } from './fatal.ts';
import { importTable, type UnavailableRow } from './import-table.ts';
import {
  describeFiles,
  type ManifestPackage,
  type PythonManifest,
  storeObjections,
  writeManifest,
} from './manifest.ts';
import { HERE } from './paths.ts';

/**
 * Writes what is read of the folder of an engine before its images are: their sizes once inflated, what can be imported, the
 * manifest. Throws a VendorError when a store would refuse a file.
 */
export async function describeFolder(folder: string, facts: Omit<PythonManifest, 'files'>): Promise<PythonManifest> {
  const images = (await describeFiles(folder)).filter(({ name }) => /\.image(\.gz)?$/.test(name));
  const rawSizes = Object.fromEntries(images.map(({ name, rawBytes }) => [name.replace(/\.gz$/, ''), rawBytes]));
  await writeFile(join(folder, 'sizes.json'), JSON.stringify(rawSizes));
  await writeFile(join(folder, 'known-packages.json'), JSON.stringify(await importTableOf(facts.packages)));
  const files = await describeFiles(folder);
  const objections = storeObjections(files);
  if (objections.length > 0) throw new VendorError(`A store would refuse this: ${objections.join('; ')}.`);
  const manifest: PythonManifest = { ...facts, files };
  await writeManifest(folder, manifest);
  return manifest;
}

/** What can be imported here, and what to do instead of what cannot, by import name. */
export async function importTableOf(packages: readonly ManifestPackage[]): Promise<ReturnType<typeof importTable>> {
  const unavailable = JSON.parse(await readFile(join(HERE, 'unavailable.json'), 'utf8')) as UnavailableRow[];
  return importTable(packages, unavailable);
}
