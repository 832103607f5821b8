import type { AnalysisRule, ArgumentMatch, CodeFact, FileUse, RuleMatch } from '../../contracts/analysis.ts';
import type { ShellCommand, ShellFacts } from '../shell/shell-facts.ts';
import type { ArgumentFact, CallFact, ImportFact, NameFact } from '../tree/facts.ts';
import { type Named, withAnyOf, withNames } from '../tree/said-names.ts';

interface Place {
  readonly from: number;
  readonly to: number;
}

/** Shell code that was read: the piece itself, or a command that stands in a text of another language. */
export interface ShellPart {
  readonly facts: ShellFacts;
  /** Where it stands in the code, for text in another language; null where places are the code's own. */
  readonly at: Place | null;
}

export interface RuleInput {
  readonly calls: readonly CallFact[];
  readonly imports: readonly ImportFact[];
  readonly names: readonly NameFact[];
  readonly files: readonly FileUse[];
  /** Those of commands in texts, and connections by a file's name: rules look at them, they are no files of the code. */
  readonly innerFiles: readonly FileUse[];
  readonly shells: readonly ShellPart[];
  readonly found: ReadonlyMap<CodeFact, readonly Place[]>;
}

export interface Match extends Place {
  readonly rule: AnalysisRule;
}

interface Names {
  readonly whole: ReadonlySet<string>;
  readonly starts: readonly string[];
  readonly ends: readonly string[];
}

const cut = new WeakMap<readonly string[], Names>();

/** `a.b` is `a.b`; `a.*` is all below it; `.b` is a member `b` of anything. */
function namesOf(wanted: readonly string[]): Names {
  const before = cut.get(wanted);
  if (before) return before;
  const ends = wanted.filter((name) => name.startsWith('.'));
  const starts = wanted.filter((name) => name.endsWith('*') && !name.startsWith('.')).map((name) => name.slice(0, -1));
  const names = { whole: new Set(wanted), starts, ends };
  cut.set(wanted, names);
  return names;
}

function isNamed(name: string, { whole, starts, ends }: Names): boolean {
  if (whole.has(name)) return true;
  for (const start of starts) if (name.startsWith(start)) return true;
  for (const end of ends) if (name.endsWith(end)) return true;
  return false;
}

/** Most rules ask for names that the code never says. */
function withName<T extends Named>(list: readonly T[], wanted: readonly string[]): readonly T[] {
  const names = namesOf(wanted);
  const isPlain = names.starts.length === 0 && names.ends.length === 0;
  return isPlain ? withAnyOf(list, names.whole) : withNames(list, (name) => isNamed(name, names));
}

const holds = (text: string, pieces: readonly string[] | undefined): boolean =>
  pieces?.some((piece) => text.includes(piece)) ?? false;
const starts = (text: string, pieces: readonly string[] | undefined): boolean =>
  pieces?.some((piece) => text.startsWith(piece)) ?? false;

function isKind(argument: ArgumentFact, kind: ArgumentMatch['is']): boolean {
  if (kind === undefined) return true;
  if (kind === 'text') return argument.literal !== null;
  if (kind === 'pieced') return argument.literal?.isWhole === true && isPieced(argument.source);
  return (argument.literal?.isWhole === true) === (kind === 'literal');
}

/** A text of several: `"o" + "s"`. */
function isPieced(source: string): boolean {
  return '"\'`['.includes(source[0] ?? '') && (source.includes('+') || source.includes('..'));
}

function isText(argument: ArgumentFact, match: ArgumentMatch): boolean {
  if (!asksText(match)) return true;
  const text = argument.literal?.text;
  if (text === undefined) return false;
  return starts(text, match.startsWith) || (match.equals?.includes(text) ?? false) || holds(text, match.contains);
}

const asksText = ({ startsWith, equals, contains }: ArgumentMatch): boolean =>
  startsWith !== undefined || equals !== undefined || contains !== undefined;

function hasArguments(call: CallFact, match: ArgumentMatch | undefined): boolean {
  if (!match) return true;
  const isSaid = (pieces: readonly string[]): boolean => call.args.some(({ source }) => holds(source, pieces));
  if (isSaid(match.unless ?? []) || (match.holds !== undefined && !isSaid(match.holds))) return false;
  const { keyword } = match;
  if (keyword && !call.args.some((one) => one.keyword === keyword.name && one.source === keyword.value)) return false;
  if (match.is === undefined && !asksText(match)) return true;
  const plain = call.args.filter((one) => one.keyword === null);
  const looked = match.index === 'any' ? call.args : plain.slice(match.index, match.index + 1);
  return looked.some((argument) => isKind(argument, match.is) && isText(argument, match));
}

function isFlag(text: string, flag: string): boolean {
  if (flag.length > 1 || text.startsWith('--')) return text.startsWith('--') && (LONG[flag] ?? flag) === text.slice(2);
  return text.startsWith('-') && text.slice(1).includes(flag);
}

const LONG: Readonly<Record<string, string>> = { r: 'recursive', R: 'recursive', f: 'force', e: 'exec' };

/** `-R` and `-r` are one for `rm`. */
const bothCases = (command: ShellCommand, flag: string): boolean =>
  command.words.some(({ text }) => isFlag(text, flag) || (flag === 'r' && isFlag(text, 'R')));

/** Whether a command of the right name is what a rule looks for. */
function isCommand(command: ShellCommand, match: Extract<RuleMatch, { kind: 'command' }>): boolean {
  if (match.flags && !match.flags.every((flag) => bothCases(command, flag))) return false;
  if (!match.words && !match.wordPrefixes && match.wordIs === undefined) return true;
  return command.words.some(
    ({ text, isComputed }) =>
      (match.words?.includes(text) ?? false) ||
      starts(text, match.wordPrefixes) ||
      (match.wordIs === 'computed' && isComputed),
  );
}

function shellPlaces(input: RuleInput, find: (facts: ShellFacts) => readonly Place[]): Place[] {
  return input.shells.flatMap(({ facts, at }) => find(facts).map((place) => at ?? place));
}

function isPiped(stages: readonly (readonly string[])[], match: Extract<RuleMatch, { kind: 'pipe' }>): boolean {
  const first = stages.findIndex((names) => names.some((name) => match.from.includes(name)));
  if (first < 0) return false;
  return stages.slice(first + 1).some((names) => names.some((name) => match.into.includes(name)));
}

function isPath(file: FileUse, match: Extract<RuleMatch, { kind: 'path' }>): boolean {
  if (file.path === null || (match.access && match.access !== file.access)) return false;
  return (
    starts(file.path, match.prefixes) ||
    (match.equals?.includes(file.path) ?? false) ||
    holds(file.path, match.contains)
  );
}

/** Whether a module is one of a package: `a.b` and `a/b` of `a`. */
const isWithin = (name: string, wanted: string): boolean =>
  name.startsWith(wanted) && (name.length === wanted.length || './'.includes(name[wanted.length] ?? ''));

/** An import with the names that rules know it by. */
interface Imported {
  readonly fact: ImportFact;
  readonly name: string;
  readonly whole: string;
}

function importedBy(fact: ImportFact): Imported {
  const name = fact.module.startsWith('node:') ? fact.module.slice(5) : fact.module;
  return { fact, name, whole: fact.member === null ? name : `${name}.${fact.member}` };
}

const isImported = ({ name, whole }: Imported, modules: readonly string[]): boolean =>
  modules.some((wanted) => whole === wanted || isWithin(name, wanted));

/** What rules look for, made once for all of them. */
interface Prepared {
  readonly paths: readonly FileUse[];
  readonly imports: readonly Imported[];
}

function placesOf(match: RuleMatch, input: RuleInput, { paths, imports }: Prepared): readonly Place[] {
  switch (match.kind) {
    case 'call':
      return withName(input.calls, match.names).filter((call) => hasArguments(call, match.arguments));
    case 'import':
      return imports.filter((one) => isImported(one, match.modules)).map(({ fact }) => fact);
    case 'name':
      return withName(input.names, match.names).filter(
        ({ isAssigned }) => match.isAssigned === undefined || match.isAssigned === isAssigned,
      );
    case 'command':
      return shellPlaces(input, (facts) =>
        withName(facts.commands, match.names).filter((command) => isCommand(command, match)),
      );
    case 'pipe':
      return shellPlaces(input, (facts) => facts.pipes.filter(({ stages }) => isPiped(stages, match)));
    case 'path':
      return paths.filter((file) => isPath(file, match)).map(({ at }) => at);
    case 'fact':
      return input.found.get(match.fact) ?? [];
  }
}

/** Places of one rule that are kept; more of the same tell nothing new. */
const PLACES = 20;

/** All matches of the rules, in the order of the rules. Work is bounded: rules × facts, and facts are bounded. */
export function matchRules(rules: readonly AnalysisRule[], input: RuleInput): Match[] {
  const prepared: Prepared = {
    paths: [...input.files, ...input.innerFiles].filter(({ path }) => path !== null),
    imports: input.imports.map(importedBy),
  };
  return rules.flatMap((rule) =>
    placesOf(rule.match, input, prepared)
      .slice(0, PLACES)
      .map(({ from, to }) => ({ rule, from, to })),
  );
}
