import { PYTHON_STANDARD } from '../../src/analysis/tables/python-modules.ts';
import type { ManifestPackage } from './manifest.ts';

/** What the runner knows about a name that a program imports. `package` is what it is installed as. */
export type ImportEntry =
  | { readonly status: 'bundled'; readonly package: string }
  | {
      readonly status: 'unavailable';
      readonly package: string;
      /** Whether `%pip install` brings it, where a person allows the index. */
      readonly install: boolean;
      readonly why: string;
      readonly instead: readonly string[];
    };

/**
 * What a package that is not here would need. No index has what `native` (compiled, or to be built) and `device` (a screen,
 * a system, a part of Python that is not here) need. The others are only Python, with all that they require, and can be
 * installed; what they are for may still need something: sockets, a service, to be a server, or nothing more.
 */
const NEEDS = { native: false, device: false, network: true, service: true, server: true, pure: true } as const;

/** Rows of unavailable.json: one text for several import names. */
export interface UnavailableRow {
  readonly needs: keyof typeof NEEDS;
  readonly imports: readonly string[];
  /** What those are installed as that are not installed by their own name. */
  readonly names?: Readonly<Record<string, string>>;
  readonly why: string;
  /** Modules stand in backticks: they are looked up, and the quotes are not shown. */
  readonly instead: readonly string[];
}

/**
 * Merges what ships with what is known not to. A name in both counts as bundled, so that a build with more packages needs no
 * edit of the other list. Throws where advice names a module that is not here. Sorted by name.
 */
export function importTable(
  packages: readonly ManifestPackage[],
  unavailable: readonly UnavailableRow[],
): Record<string, ImportEntry> {
  const table = new Map<string, ImportEntry>();
  for (const { needs, imports, names = {}, why, instead } of unavailable) {
    for (const name of imports) {
      if (table.has(name)) throw new Error(`unavailable.json names ${name} twice`);
      const said = instead.map((advice) => advice.replaceAll('`', ''));
      const install = NEEDS[needs];
      table.set(name, { status: 'unavailable', package: names[name] ?? name, install, why, instead: said });
    }
  }
  for (const { name, modules } of packages) {
    for (const module of modules) {
      // Private modules are no names to know, but for those that are known to be missing elsewhere.
      if (!module.startsWith('_') || table.has(module)) table.set(module, { status: 'bundled', package: name });
    }
  }
  const isHere = (module: string): boolean =>
    table.get(module)?.status === 'bundled' || (PYTHON_STANDARD.has(module) && !table.has(module));
  for (const module of unavailable.flatMap(({ instead }) => instead.flatMap(modulesIn))) {
    if (!isHere(module)) throw new Error(`unavailable.json advises ${module}, which is not here`);
  }
  return Object.fromEntries([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Top-level names of the modules that a piece of advice marks. */
export const modulesIn = (advice: string): string[] =>
  [...advice.matchAll(/`(\w+)[^`]*`/g)].map(([, module = '']) => module);
