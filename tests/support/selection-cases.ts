import { readFileSync } from 'node:fs';
import type { CodeLanguage, Dependency, PackageEntry } from '../../src/contracts/analysis.ts';
import type { Place } from '../../src/contracts/selection.ts';
import type { SelectInput } from '../../src/execution/index.ts';
import { productEngines } from '../../tools/analyse/strategy.ts';

type PastRun = NonNullable<SelectInput['past']['same']>;

interface Facts {
  readonly imports?: readonly string[];
  /** Addresses or bare hosts; null where none is written out. */
  readonly network?: readonly (string | null)[];
  readonly files?: readonly (readonly ['read' | 'write', string])[];
  readonly seconds?: number;
  readonly memoryMB?: number;
  readonly risk?: number;
  readonly flags?: readonly ('input' | 'screen' | 'threads' | 'processes')[];
  readonly endlessLine?: number;
  readonly syntaxError?: readonly [number, string];
}

export interface SelectionCase {
  readonly id: string;
  readonly language: CodeLanguage;
  readonly code: string;
  readonly facts: Facts;
  readonly choices?: { readonly once?: Place; readonly session?: Place; readonly language?: Place };
  readonly remote?: readonly CodeLanguage[];
  /** Allowed for its conversation. */
  readonly origins?: readonly string[];
  readonly bounds?: { readonly timeMs: number; readonly memoryMB: number };
  readonly past?: { readonly same?: PastRun; readonly alike?: PastRun };
  readonly expect: {
    readonly place: Place;
    readonly canRunHere: boolean;
    readonly warnings: readonly string[];
    readonly says?: readonly string[];
    readonly ways?: readonly string[];
  };
}

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

export const selectionCases = read('../fixtures/selection/decisions.json') as readonly SelectionCase[];
export const packageTable = read('../../src/runners/python/packages.generated.json') as Readonly<
  Record<string, PackageEntry>
>;

const at = (line = 1) => ({ from: 0, to: 1, line, column: 1 });

function dependency(name: string): Dependency {
  const bare = name.replace(/^[?~!]/, '');
  const base = { name: bare, package: null, install: null, why: null, instead: [], at: at() };
  if (name.startsWith('?')) return { ...base, status: 'unknown' };
  if (name.startsWith('~')) return { ...base, status: 'local' };
  if (name.startsWith('!')) return { ...base, status: 'unavailable', why: 'There are no modules here.' };
  const entry = packageTable[bare];
  if (entry === undefined) throw new Error(`${bare} is not in the package table`);
  if (entry.status === 'bundled') return { ...base, status: 'bundled', package: entry.package };
  const install = entry.install ? (entry.package ?? bare) : null;
  return { ...base, status: 'unavailable', install, why: entry.why, instead: entry.instead };
}

function placeOf(text: string | null): { readonly host: string | null; readonly origin: string | null } {
  if (text === null || !URL.canParse(text)) return { host: text, origin: null };
  const { hostname, origin } = new URL(text);
  return { host: hostname, origin };
}

/** What the selector gets for a case. */
export function inputOf(each: SelectionCase): SelectInput {
  const { facts } = each;
  const files = (facts.files ?? []).map(([access, path]) => ({ access, path, at: at() }));
  const does = (access: string) => files.some((file) => file.access === access);
  const writes = does('write') ? 'write' : 'none';
  const flags = facts.flags ?? [];
  const risk = facts.risk ?? 5;
  const bandOfHigh = risk >= 70 ? 'high' : 'medium';
  const [line, message] = facts.syntaxError ?? [];
  return {
    language: each.language,
    code: each.code,
    analysis: {
      syntaxErrors: message === undefined ? [] : [{ message, at: at(line) }],
      dependencies: (facts.imports ?? []).map(dependency),
      network: (facts.network ?? []).map((place) => ({ by: 'fetch', ...placeOf(place), at: at() })),
      files,
      fileAccess: does('read') ? (does('write') ? 'both' : 'read') : writes,
      unsafe: [],
      endlessLoops: facts.endlessLine === undefined ? [] : [at(facts.endlessLine)],
      readsInput: flags.includes('input'),
      usesScreen: flags.includes('screen'),
      usesThreads: flags.includes('threads'),
      usesProcesses: flags.includes('processes'),
      estimate: {
        seconds: facts.seconds ?? 0.1,
        timeClass: 'short',
        memoryMB: facts.memoryMB ?? 8,
        engineMB: 0,
        memoryClass: 'small',
        basis: [],
      },
      risk,
      band: risk < 30 ? 'low' : bandOfHigh,
      reasons: risk < 30 ? [] : [{ text: 'It does something risky', severity: 'high', points: risk, at: null }],
    },
    surroundings: {
      engines: productEngines,
      remote: each.remote ?? [],
      origins: each.origins ?? [],
    },
    bounds: each.bounds ?? { timeMs: 30_000, memoryMB: 256 },
    choices: {
      once: each.choices?.once ?? null,
      session: each.choices?.session ?? null,
      language: each.choices?.language ?? null,
    },
    past: { same: each.past?.same ?? null, alike: each.past?.alike ?? null },
  };
}
