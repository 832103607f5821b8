import type { GuestError } from '../guest/host-calls.ts';
import type { SyntaxNode } from './acorn.ts';
import { placeAt, type Text } from './callees.ts';
import type { Position } from './strip-types.ts';

/** An `import` or `export … from` at the top level of a program. */
export interface StaticImport {
  readonly source: string;
  /** What it takes by name, `default` too, each with its offset in the program. */
  readonly names: readonly { readonly name: string; readonly at: number }[];
  /** Where the specifier stands. */
  readonly at: number;
  /** What binds its names in a script; empty for an export. */
  readonly binding: string;
}

const nameOrText = (node: SyntaxNode): string =>
  node.type === 'Literal' ? String(node['value']) : String(node['name']);
const asKey = (name: string): string => (/^[\w$]+$/u.test(name) ? name : JSON.stringify(name));

const localOf = (specifier: SyntaxNode): string => String((specifier['local'] as SyntaxNode)['name']);

/** The name that a specifier takes of its module. */
function takenBy(specifier: SyntaxNode, isImport: boolean): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  return nameOrText(specifier[isImport ? 'imported' : 'local'] as SyntaxNode);
}

/** What binds in a script the names that an import takes, and the module itself as `whole`; empty where it takes none. */
function bindingOf(raw: string, whole: string | null, bound: readonly string[]): string {
  const fields = bound.length > 0 ? `{${bound.join(',')}}` : '';
  if (whole === null) return fields === '' ? '' : `var ${fields}=await import(${raw});`;
  return `var ${whole}=await import(${raw})${fields === '' ? '' : `,${fields}=${whole}`};`;
}

/** Null for an export that imports nothing. */
export function staticImportOf(statement: SyntaxNode): StaticImport | null {
  const source = statement['source'] as SyntaxNode | null | undefined;
  if (!source) return null;
  const all = (statement['specifiers'] ?? []) as readonly SyntaxNode[];
  const isImport = statement.type === 'ImportDeclaration';
  const whole = all.find(({ type }) => type === 'ImportNamespaceSpecifier');
  const specifiers = all.filter((specifier) => specifier !== whole);
  const names = specifiers.map((specifier) => ({ name: takenBy(specifier, isImport), at: specifier.start }));
  const bound = specifiers.map((specifier) => `${asKey(takenBy(specifier, isImport))}:${localOf(specifier)}`);
  const binding = isImport ? bindingOf(String(source['raw']), whole ? localOf(whole) : null, bound) : '';
  return { source: String(source['value']), names, at: source.start, binding };
}

/** A module that takes what these take: the engine links and runs it before anything of the program. */
export function linkText(imports: readonly StaticImport[]): string {
  return imports
    .map(({ source, names }, at) => {
      const list = names.map(({ name }, one) => `${JSON.stringify(name)} as i${at}_${one}`).join(',');
      return `import{${list}}from${JSON.stringify(source)};`;
    })
    .join('');
}

export interface Linking {
  readonly imports: readonly StaticImport[];
  readonly file: string;
  readonly placeOf: (offset: number) => Position;
  /** Files that were read for them. */
  readonly texts: readonly Text[];
  /** The canonical name of what a specifier leads to, seen from a file; throws where it leads nowhere. */
  readonly normalize: (from: string, source: string) => string;
}

/** What is said where the imports of a program cannot be had, at the place of the one that cannot. */
export function linkError(error: GuestError, linking: Linking): GuestError {
  const { imports, file, placeOf, texts } = linking;
  const [, name, from] = /^Could not find export '(.+)' in module '(.+)'$/u.exec(error.message) ?? [];
  if (name === undefined || from === undefined) {
    const lost = imports.find(({ source }) => idOf(file, source, linking) === null);
    return lost ? toldAt(error, file, placeOf(lost.at)) : error;
  }
  const among = (
    list: readonly StaticImport[],
    by: string,
  ): { readonly source: string; readonly at: number } | null => {
    for (const { source, names } of list) {
      const found = names.find((one) => one.name === name);
      if (found && idOf(by, source, linking) === from) return { source, at: found.at };
    }
    return null;
  };
  const told = (source: string): GuestError => ({
    ...error,
    name: 'SyntaxError',
    message: `The requested module '${source}' does not provide an export named '${name}'`,
  });
  const own = among(imports, file);
  if (own) return toldAt(told(own.source), file, placeOf(own.at));
  for (const { file: other, code, parsed } of texts) {
    const list = (parsed() ?? []).flatMap((statement) => staticImportOf(statement) ?? []);
    const found = among(list, other);
    if (found) return toldAt(told(found.source), other, placeAt(code, found.at));
  }
  return told(from);
}

function toldAt(error: GuestError, file: string, { line, column }: Position): GuestError {
  return { ...error, stack: `${error.name}: ${error.message}\n    at ${file}:${line}:${column}` };
}

function idOf(from: string, source: string, { normalize }: Linking): string | null {
  try {
    return normalize(from, source);
  } catch {
    return null; // the answer: it leads nowhere
  }
}
