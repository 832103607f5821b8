import { isFirstLibrary } from '../../../src/runners/python/heap/index.ts';
import { SITE_PACKAGES } from '../paths.ts';
import { normalName, type PackageSpec } from './spec.ts';
import type { Tree } from './tree.ts';

/** Mounted at every start: our own Python and the time zones. */
export const BASE_IMAGE = 'base.image';
/** Mounted with the science heap, and small: the side modules that every start from it uses, and what it looks into. */
export const FIRST_IMAGE = 'first.image';
/** Mounted with the science heap: the other side modules, data, and code that is not imported yet. */
export const CORE_IMAGE = 'core.image';
/** Code that the science heap holds already; only an interpreter that started without that heap needs it. */
export const SCIENCE_CODE_IMAGE = 'science-code.image';

/** Pyodide reads of each package which one it is whenever it starts. */
const LISTED = /\.dist-info\/METADATA$/;

export interface CompiledPackage {
  readonly spec: PackageSpec;
  readonly tree: Tree;
}

/** Images that hold a package, in no order. */
export function imagesOf(spec: PackageSpec): readonly string[] {
  if (spec.group === 'base') return [BASE_IMAGE];
  if (spec.group === 'science') return [FIRST_IMAGE, CORE_IMAGE, SCIENCE_CODE_IMAGE];
  return [`packages/${normalName(spec.name)}.image`];
}

/**
 * Divides packages into images, so that a start brings in only what it needs. `imported` are paths of the files whose
 * code lies in the science heap.
 */
export function splitIntoImages(
  packages: readonly CompiledPackage[],
  support: Tree,
  imported: ReadonlySet<string>,
): Map<string, Tree> {
  const images = new Map<string, Tree>([
    [BASE_IMAGE, new Map(support)],
    [FIRST_IMAGE, new Map()],
    [CORE_IMAGE, new Map()],
    [SCIENCE_CODE_IMAGE, new Map()],
  ]);
  for (const { spec, tree } of packages) {
    for (const [path, contents] of tree) {
      const image = imageOf(path, spec, imported);
      const target = images.get(image) ?? new Map<string, Uint8Array>();
      images.set(image, target.set(path, contents));
    }
  }
  return images;
}

function imageOf(path: string, spec: PackageSpec, imported: ReadonlySet<string>): string {
  if (spec.group !== 'science') return imagesOf(spec)[0] ?? BASE_IMAGE;
  if (path.endsWith('.pyc') && imported.has(`${SITE_PACKAGES}/${path}`)) return SCIENCE_CODE_IMAGE;
  return isFirstLibrary(path) || LISTED.test(path) ? FIRST_IMAGE : CORE_IMAGE;
}

/**
 * Names of the packages that a package needs, out of the metadata in its tree: those without an extra or a condition on
 * another system, among `bundled`. Source: PEP 508.
 */
export function requirementsOf(spec: PackageSpec, tree: Tree, bundled: readonly PackageSpec[]): string[] {
  const wanted = new Set((spec.requires ?? []).map(normalName));
  for (const [path, contents] of tree) {
    if (!/\/(METADATA|PKG-INFO)$/.test(path)) continue;
    for (const [, name = '', condition = ''] of new TextDecoder()
      .decode(contents)
      .matchAll(/^Requires-Dist: ([\w.-]+)[^;\n]*(;.*)?$/gm)) {
      if (!/extra\s*==|python_version\s*<|win32|Windows|PyPy/.test(condition)) wanted.add(normalName(name));
    }
  }
  return bundled
    .filter(({ name }) => wanted.has(normalName(name)) && name !== spec.name)
    .map(({ name }) => name)
    .sort();
}
