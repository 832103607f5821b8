import type { Dependency, PackageEntry, ParsedLanguage } from '../../contracts/analysis.ts';
import type { Survey } from '../survey/survey.ts';
import { PYTHON_STANDARD } from '../tables/python-modules.ts';
import type { ImportFact } from '../tree/facts.ts';

/** What each runtime has; the host hands in the generated tables of its runners. */
export interface KnownPackages {
  readonly python: Readonly<Record<string, PackageEntry>>;
  /** Modules that JavaScript and TypeScript can import here. */
  readonly javascript: Readonly<Record<string, PackageEntry>>;
  readonly lua: Readonly<Record<string, PackageEntry>>;
}

const NO_MODULES: Readonly<
  Record<'javascript' | 'lua', { readonly why: string; readonly instead: readonly string[] }>
> = {
  javascript: {
    why: 'Of npm and Node only some modules are here; files beside the code can be imported too.',
    instead: ['Write what is needed into the code', 'Ask for it in Python'],
  },
  lua: {
    why: "Beside Lua's own modules only lfs is here; files beside the code can be required too.",
    instead: ["Use Lua's own string, table and math", 'Ask for it in Python'],
  },
};

/** The top-level name of a module: `os` of `os.path`, `@a/b` of `@a/b/c`, `fs` of `node:fs/promises`. */
export function topModule(language: ParsedLanguage, module: string): string {
  if (language === 'python' || language === 'lua') return module.split('.')[0] ?? module;
  const plain = module.startsWith('node:') ? module.slice(5) : module;
  if (plain.includes('://')) return plain;
  const parts = plain.split('/');
  return plain.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? plain);
}

function tableOf(language: ParsedLanguage, known: KnownPackages): Readonly<Record<string, PackageEntry>> {
  if (language === 'python') return known.python;
  return language === 'lua' ? known.lua : known.javascript;
}

type Standing = Pick<Dependency, 'status' | 'package' | 'install' | 'why' | 'instead'>;

const PLAIN = { package: null, install: null, why: null, instead: [] } as const;

function standingOf(language: ParsedLanguage, name: string, known: KnownPackages): Standing {
  const table = tableOf(language, known);
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (entry?.status === 'bundled') return { ...PLAIN, status: 'bundled', package: entry.package };
  if (entry) {
    const { install = false, package: installed = name, why, instead } = entry;
    return { ...PLAIN, status: 'unavailable', install: install ? installed : null, why, instead };
  }
  if (language === 'python') return { ...PLAIN, status: PYTHON_STANDARD.has(name) ? 'builtin' : 'unknown' };
  const none = NO_MODULES[language === 'lua' ? 'lua' : 'javascript'];
  return { ...PLAIN, status: 'unavailable', why: none.why, instead: none.instead };
}

const HERE: ReadonlySet<Dependency['status']> = new Set(['builtin', 'bundled', 'local']);

/** Packages that a notebook's lines install and that are not here: they come from the index. */
export function installedFromIndex(survey: Survey, known: KnownPackages): Survey['installs'] {
  const here = new Set(
    Object.entries(known.python).flatMap(([name, entry]) =>
      entry.status === 'bundled' ? [canonical(name), canonical(entry.package)] : [],
    ),
  );
  return survey.installs.filter(({ name }) => !here.has(name));
}

const canonical = (name: string): string => name.replace(/[-_.]+/gu, '-').toLowerCase();

/** One row for each module that is imported, in the order of the code. */
export function judgeDependencies(survey: Survey, known: KnownPackages): Dependency[] {
  const { language, positions } = survey;
  const rows = new Map<string, Dependency>();
  const nameOf = ({ isRelative, module }: ImportFact): string => (isRelative ? module : topModule(language, module));
  const needed = new Set(survey.imports.filter(({ isOptional }) => isOptional !== true).map(nameOf));
  const optional = new Set(survey.imports.map(nameOf).filter((name) => !needed.has(name)));
  const add = (module: ImportFact): void => {
    const name = nameOf(module);
    if (name === '' || rows.has(name)) return;
    const standing: Standing = module.isRelative ? { ...PLAIN, status: 'local' } : standingOf(language, name, known);
    // The code goes on without it.
    if (optional.has(name) && !HERE.has(standing.status)) return;
    rows.set(name, { name, ...standing, at: positions.range(module.from, module.to) });
  };
  for (const module of survey.imports) add(module);
  const started = new Map(survey.shell?.commands.toReversed().map((command) => [command.name, command]));
  for (const name of survey.programs) {
    const command = started.get(name);
    rows.set(name, { name, ...PLAIN, status: 'unknown', at: positions.range(command?.from ?? 0, command?.to ?? 0) });
  }
  return [...rows.values()];
}
