import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HERE } from '../paths.ts';

/** A package that ships, as written by hand in packages.json. */
export interface PackageSpec {
  readonly name: string;
  /** SPDX where there is an identifier. */
  readonly licence: string;
  /** `given`: only where a person has the official wheel. */
  readonly from: 'official' | 'built' | 'debian' | 'own' | 'given';
  /** Debian package, for `from: "debian"`. */
  readonly deb?: string;
  /** Which of its files ship instead of its Python: patterns of paths below the root. They are mounted where they lay. */
  readonly files?: readonly string[];
  /** Folder below src/runners/python/packages that is the package, or that replaces or adds to what Debian has. */
  readonly own?: string;
  /** Changes to sources that must apply: what is not found ends the build. */
  readonly edits?: readonly { readonly path: string; readonly find: string; readonly put: string }[];
  /** `base` lies in every interpreter, `science` in the science heap; every other package is an image of its own. */
  readonly group?: 'base' | 'science';
  /** Packages it needs, where its metadata do not say. */
  readonly requires?: readonly string[];
  /** `dropped` makes every docstring empty: 15 MB less memory for each interpreter with the science heap. */
  readonly docstrings?: 'dropped';
  /** Patterns of paths that do not ship. */
  readonly drop?: readonly string[];
}

export interface PinnedWheel {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface PackagePins {
  readonly pyodide: { readonly package: string; readonly version: string };
  readonly official: {
    readonly carrier: string;
    readonly carrierVersion: string;
    readonly program: string;
    readonly wheels: readonly PinnedWheel[];
  };
  readonly built: readonly PinnedWheel[];
}

export async function readSpecs(): Promise<PackageSpec[]> {
  return JSON.parse(await readFile(join(HERE, 'packages.json'), 'utf8')) as PackageSpec[];
}

/** The packages of the optional science pack: what cannot be built here, and what of theirs does not ship anyway. */
export async function readPackSpecs(): Promise<PackageSpec[]> {
  return JSON.parse(await readFile(join(HERE, 'science-pack.json'), 'utf8')) as PackageSpec[];
}

export async function readPackagePins(): Promise<PackagePins> {
  return JSON.parse(await readFile(join(HERE, 'packages.lock.json'), 'utf8')) as PackagePins;
}

/** Name of a distribution as wheels spell it: lower case, underscores. Source: PEP 503, PEP 427. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '_');
}

export function wheelFor(name: string, wheels: readonly PinnedWheel[]): PinnedWheel | undefined {
  return wheels.find((wheel) => normalName(wheel.file.split('-')[0] ?? '') === normalName(name));
}
