import {
  type Command,
  type CommandNode,
  forEachChild,
  type Function as ShellFunction,
  parse,
  type Pipeline,
  type Redirection,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import { commandName, innerCommands } from './inner-commands.ts';
import { isEndlessLoop } from './shell-loops.ts';
import type { ShellCommand, ShellFacts, ShellLoop, ShellRedirect, ShellWord } from './shell-facts.ts';

/** Nodes looked at in one script, and how deep; past them the rest is left out and the facts say so. */
const NODES = 60_000;
const DEPTH = 1_200;
/** Functions that are looked into for starting themselves. */
const FUNCTIONS = 50;
const EXPANSIONS = new Set([
  'SimpleExpansion',
  'ParameterExpansion',
  'CommandExpansion',
  'ArithmeticExpansion',
  'ProcessSubstitution',
]);
const DOWNLOADERS = new Set(['curl', 'wget', 'fetch']);

interface Collecting {
  readonly commands: ShellCommand[];
  readonly pipes: { stages: string[][]; from: number; to: number }[];
  readonly redirects: ShellRedirect[];
  readonly loops: ShellLoop[];
  readonly selfSpawning: { from: number; to: number }[];
  readonly functions: string[];
  readonly errors: { message: string; from: number }[];
  readonly made: Set<string>;
  decisions: number;
  unknownVariables: number;
  hasGlobs: boolean;
  inBackground: boolean;
  nodes: number;
  isCut: boolean;
}

function isComputedPart(part: WordPart): boolean {
  if (EXPANSIONS.has(part.type)) return true;
  return 'parts' in part && (part.parts?.some((inner) => isComputedPart(inner)) ?? false);
}

export function wordOf(word: Word): ShellWord {
  return { text: word.value, isComputed: word.parts?.some((part) => isComputedPart(part)) ?? false };
}

/** All nodes at and below one, parents first, to a bound. */
export function nodesBelow(root: SyntaxNode, limit = 2_000): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const open: SyntaxNode[] = [root];
  for (let node = open.pop(); node && found.length < limit; node = open.pop()) {
    found.push(node);
    if (isPlain(node)) continue;
    const below = open.length;
    forEachChild(node, (child) => open.push(child));
    turnFrom(open, below);
  }
  return found;
}

/** A word without parts, which has nothing below it: most of a script. */
const isPlain = (node: SyntaxNode): boolean => node.type === 'Word' && node.parts === undefined;

/** Turns the end of a list round, from `start` on. */
function turnFrom(list: unknown[], start: number): void {
  for (let low = start, high = list.length - 1; low < high; low += 1, high -= 1)
    [list[low], list[high]] = [list[high], list[low]];
}

const isDownloader = (node: SyntaxNode): boolean =>
  node.type === 'Command' && node.name !== undefined && DOWNLOADERS.has(commandName(wordOf(node.name)) ?? '');

function takesDownload(command: Command): boolean {
  return command.args.some((argument) => !isPlain(argument) && nodesBelow(argument, 400).some(isDownloader));
}

function readCommand(command: Command, into: Collecting): void {
  if (!command.name) return;
  const words = command.args.flatMap((argument) => (argument.type === 'Word' ? [wordOf(argument)] : []));
  const read: ShellCommand = {
    name: commandName(wordOf(command.name)),
    words,
    from: command.pos,
    to: command.end,
    isInner: false,
    takesDownload: takesDownload(command),
  };
  into.commands.push(read, ...innerCommands(read));
}

const READS = new Set(['<', '<&']);
const STREAMS = ['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/tty', '/dev/zero'];

function readRedirect(redirect: Redirection, into: Collecting): void {
  if (redirect.type !== 'Redirect' || !redirect.target) return;
  const target = wordOf(redirect.target);
  const isDescriptor =
    redirect.operator.endsWith('&') && (target.text === '-' || Number.isInteger(Number(target.text)));
  if (isDescriptor || STREAMS.includes(target.text)) return;
  const access = redirect.operator === '<>' ? 'both' : READS.has(redirect.operator) ? 'read' : 'write';
  into.redirects.push({ access, path: target.isComputed ? null : target.text, from: redirect.pos, to: redirect.end });
}

function stageNames(stage: CommandNode): string[] {
  const names: string[] = [];
  for (const node of nodesBelow(stage, 200)) {
    if (node.type !== 'Command' || !node.name) continue;
    const words = node.args.flatMap((argument) => (argument.type === 'Word' ? [wordOf(argument)] : []));
    const outer = commandName(wordOf(node.name));
    const own = { name: outer, words, from: 0, to: 0, isInner: false, takesDownload: false };
    names.push(...[outer, ...innerCommands(own).map(({ name }) => name)].filter((name) => name !== null));
  }
  return names;
}

function readPipeline(pipeline: Pipeline, into: Collecting): void {
  if (pipeline.commands.length < 2) return;
  into.pipes.push({
    stages: pipeline.commands.slice(0, 20).map((stage) => stageNames(stage)),
    from: pipeline.pos,
    to: pipeline.end,
  });
}

/** `f() { f | f & }`: a function that starts itself in a pipe or in the background. */
function readFunction(node: ShellFunction, into: Collecting): void {
  const name = node.name.value;
  into.functions.push(name);
  if (into.functions.length > FUNCTIONS) return;
  const below = nodesBelow(node.body);
  const startsItself = (inner: SyntaxNode): boolean =>
    nodesBelow(inner, 200).some((one) => one.type === 'Command' && one.name?.value === name);
  const spawns = below.some(
    (inner) =>
      (inner.type === 'Pipeline' || (inner.type === 'Statement' && inner.background === true)) && startsItself(inner),
  );
  if (spawns) into.selfSpawning.push({ from: node.pos, to: node.end });
}

const POSITIONALS = new Set(['@', '*', '#', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'OPTARG']);

function readVariable(name: string, into: Collecting): void {
  if (!into.made.has(name) && !POSITIONALS.has(name)) into.unknownVariables += 1;
}

function variableName(text: string): string {
  return text.startsWith('$') ? text.slice(1) : text;
}

const DECIDING = new Set(['If', 'Elif', 'While', 'For', 'ArithmeticFor', 'CaseItem', 'Select']);

/** Notes what one node tells; the order of visits is that of the text. */
function visit(node: SyntaxNode, into: Collecting, loops: number): void {
  if (node.type === 'Glob' || node.type === 'ExtendedGlob') into.hasGlobs = true;
  if (DECIDING.has(node.type)) into.decisions += 1;
  switch (node.type) {
    case 'Command':
      readCommand(node, into);
      break;
    case 'Pipeline':
      readPipeline(node, into);
      break;
    case 'AndOr':
      into.decisions += node.operators.length;
      break;
    case 'Function':
      readFunction(node, into);
      break;
    case 'Statement':
      if (node.background === true) into.inBackground = true;
      break;
    case 'Redirect':
      readRedirect(node, into);
      break;
    default:
      visitNames(node, into, loops);
  }
}

function visitNames(node: SyntaxNode, into: Collecting, loops: number): void {
  switch (node.type) {
    case 'While':
    case 'ArithmeticFor':
      into.loops.push({ from: node.pos, to: node.end, isEndless: isEndlessLoop(node), depth: loops + 1, rounds: null });
      break;
    case 'For':
    case 'Select': {
      const rounds = node.type === 'For' ? (node.wordlist?.length ?? null) : null;
      into.loops.push({ from: node.pos, to: node.end, isEndless: false, depth: loops + 1, rounds });
      into.made.add(node.name.value);
      break;
    }
    case 'Assignment':
      into.made.add(node.name);
      break;
    case 'SimpleExpansion':
      readVariable(variableName(node.text), into);
      break;
    case 'ParameterExpansion':
      readVariable(node.parameter, into);
      break;
    default:
  }
}

const LOOPS = new Set(['While', 'For', 'ArithmeticFor', 'Select']);

function walk(root: SyntaxNode, into: Collecting): void {
  const open: { node: SyntaxNode; loops: number; depth: number }[] = [{ node: root, loops: 0, depth: 0 }];
  for (let at = open.pop(); at; at = open.pop()) {
    into.nodes += 1;
    if (into.nodes > NODES || at.depth > DEPTH) {
      into.isCut = true;
      return;
    }
    const { node, loops, depth } = at;
    if (node.type === 'Script' && node.errors)
      for (const error of node.errors) into.errors.push({ message: error.message, from: error.pos });
    visit(node, into, loops);
    if (isPlain(node)) continue;
    const inner = LOOPS.has(node.type) ? loops + 1 : loops;
    const below = open.length;
    forEachChild(node, (child) => open.push({ node: child, loops: inner, depth: depth + 1 }));
    turnFrom(open, below);
  }
}

/** Reads a shell script. Never throws: the parser is tolerant, and where it gives up the facts are cut and say so. */
export function readShell(code: string): ShellFacts {
  const into: Collecting = {
    commands: [],
    pipes: [],
    redirects: [],
    loops: [],
    selfSpawning: [],
    functions: [],
    errors: [],
    made: new Set(),
    decisions: 0,
    unknownVariables: 0,
    hasGlobs: false,
    inBackground: false,
    nodes: 0,
    isCut: false,
  };
  try {
    walk(parse(code), into);
  } catch (error) {
    // a script too deep for the parser's own stack: what was found stays, the rest is told as not read
    if (!(error instanceof RangeError)) throw error;
    into.isCut = true;
  }
  return into;
}
