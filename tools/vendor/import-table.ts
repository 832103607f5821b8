import type { ManifestPackage } from './manifest.ts';

/** What the runner knows about a name that a program imports. */
export type ImportEntry =
  | { readonly status: 'bundled'; readonly package: string }
  | { readonly status: 'unavailable'; readonly why: string; readonly instead: readonly string[] };

/** Rows of unavailable.json: one text for several import names. */
export interface UnavailableRow {
  readonly imports: readonly string[];
  readonly why: string;
  readonly instead: readonly string[];
}

/**
 * Merges what ships with what is known not to. A name in both counts as bundled, so that a newly built package needs no
 * edit of the other list. Sorted by name.
 */
export function importTable(
  packages: readonly ManifestPackage[],
  unavailable: readonly UnavailableRow[],
): Record<string, ImportEntry> {
  const table = new Map<string, ImportEntry>();
  for (const { imports, why, instead } of unavailable) {
    for (const name of imports) {
      if (table.has(name)) throw new Error(`unavailable.json names ${name} twice`);
      table.set(name, { status: 'unavailable', why, instead });
    }
  }
  for (const { name, modules } of packages) {
    for (const module of modules) {
      // Private modules are no names to know, but for those that are known to be missing elsewhere.
      if (!module.startsWith('_') || table.has(module)) table.set(module, { status: 'bundled', package: name });
    }
  }
  return Object.fromEntries([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
}
