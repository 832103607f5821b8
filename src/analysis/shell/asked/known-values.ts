import type { Assignment, Command, HereDoc, Redirection, SyntaxNode } from 'unbash';
import { DOWNLOADERS } from '../../tables/listed-commands.ts';
import { wordOf } from '../read-shell.ts';

/** What one script makes that its own commands then name. */
export interface KnownValues {
  /** All that a variable can be; null where it is only known when it runs. */
  readonly variables: ReadonlyMap<string, readonly string[] | null>;
  readonly functions: ReadonlySet<string>;
  /** Texts that are written to a file as they stand, and to nothing else. */
  readonly files: ReadonlyMap<string, string>;
  readonly downloads: ReadonlySet<string>;
}

/** Commands that set the variables they name. */
const SETTING = new Set(['read', 'mapfile', 'readarray', 'getopts', 'printf', 'let', 'unset', 'select', 'coproc']);
/** Commands that leave a file that they name as it is. */
const HARMLESS = new Set([
  'bash',
  'sh',
  'dash',
  'source',
  '.',
  'chmod',
  'cat',
  'ls',
  'rm',
  'wc',
  'head',
  'file',
  'test',
  '[',
]);
const WRITING = new Set(['cat', 'tee']);

const nameOf = (command: Command): string => command.name?.value ?? '';
const wordsOf = (command: Command): string[] =>
  command.args.flatMap((argument) => (argument.type === 'Word' ? [argument.value] : []));

/** The text of a here-document; null where something in it is put in when it runs. */
export function textOfHereDoc({ body, delimiter }: HereDoc): string | null {
  if (delimiter?.quoted === true) return body.text;
  const isPlain = (body.parts ?? []).every(({ type }) => type === 'Literal') && !body.text.includes('\\');
  return isPlain ? body.text : null;
}

const isHereDoc = (redirect: Redirection): redirect is HereDoc => redirect.type === 'HereDoc';

function takeAssignment({ name, value, append, index }: Assignment, into: Map<string, string[] | null>): void {
  const known = into.get(name);
  const word = value.type === 'Word' ? wordOf(value) : null;
  const isPlain = word !== null && !word.isComputed && append !== true && index === undefined;
  into.set(name, isPlain && known !== null ? [...(known ?? []), word.text] : null);
}

function takeCommand(command: Command, into: Map<string, string[] | null>): boolean {
  const name = nameOf(command);
  if (SETTING.has(name)) for (const word of wordsOf(command)) into.set(word, null);
  // A second name for a variable: nothing is sure any more.
  return ['declare', 'typeset', 'local'].includes(name) && wordsOf(command).some((word) => /^-\w*n/u.test(word));
}

/** Files that one command writes: redirected to, or words of `tee`. */
function targetsOf(command: Command): string[] {
  const redirected = command.redirects.flatMap((redirect) =>
    redirect.type === 'Redirect' && redirect.operator.startsWith('>') && redirect.target ? [redirect.target.value] : [],
  );
  return nameOf(command) === 'tee' ? [...redirected, ...wordsOf(command)] : redirected;
}

function filesOf(commands: readonly Command[]): Map<string, string> {
  const files = new Map<string, string>();
  const writes = new Map<string, number>();
  for (const command of commands) {
    const text = WRITING.has(nameOf(command)) ? command.redirects.filter(isHereDoc).map(textOfHereDoc)[0] : null;
    const targets = targetsOf(command);
    for (const path of targets) {
      writes.set(path, (writes.get(path) ?? 0) + 1);
      if (typeof text === 'string') files.set(path, text);
    }
    if (WRITING.has(nameOf(command)) || HARMLESS.has(nameOf(command))) continue;
    for (const word of wordsOf(command)) writes.set(word, (writes.get(word) ?? 0) + 1);
  }
  for (const path of [...files.keys()]) if (writes.get(path) !== 1) files.delete(path);
  return files;
}

/** Reads what the commands of a script can refer to. `nodes` are all of it, `outer` the functions that it finds there. */
export function knownValues(nodes: readonly SyntaxNode[], outer: ReadonlySet<string>): KnownValues {
  const variables = new Map<string, string[] | null>();
  const commands = nodes.filter((node) => node.type === 'Command');
  let isUnsure = false;
  for (const node of nodes) {
    if (node.type === 'Assignment') takeAssignment(node, variables);
    if (node.type === 'For' || node.type === 'Select') variables.set(node.name.value, null);
    if (node.type === 'ParameterExpansion' && node.operation?.type === 'Default') variables.set(node.parameter, null);
    if (node.type === 'Command' && takeCommand(node, variables)) isUnsure = true;
  }
  const downloads = commands.flatMap((command) => (DOWNLOADERS.has(nameOf(command)) ? downloadsOf(command) : []));
  return {
    variables: isUnsure ? new Map() : variables,
    functions: new Set([...outer, ...functionsOf(nodes, commands)]),
    files: filesOf(commands),
    downloads: new Set(downloads),
  };
}

/** What a subshell defines is not there outside of it; what is unset is the program again. */
function functionsOf(nodes: readonly SyntaxNode[], commands: readonly Command[]): ReadonlySet<string> {
  const apart = nodes.filter(({ type }) => type === 'Subshell');
  const defined = nodes.filter((node) => node.type === 'Function');
  const kept = defined.filter(({ pos, end }) => !apart.some((shell) => shell.pos <= pos && shell.end >= end));
  const names = new Set(kept.map(({ name }) => name.value));
  for (const command of commands)
    if (nameOf(command) === 'unset') for (const word of wordsOf(command)) names.delete(word);
  return names;
}

function downloadsOf(command: Command): string[] {
  const words = wordsOf(command);
  const named = words.filter((_, at) => /^-\w*[oO]$|^--output(?:-document)?$/u.test(words[at - 1] ?? ''));
  // `-O` of curl, and wget without it: the last part of the address is the name.
  const last = words.filter((word) => word.includes('/')).map((word) => word.slice(word.lastIndexOf('/') + 1));
  return [...named, ...last, ...targetsOf(command)].filter((name) => name !== '');
}
