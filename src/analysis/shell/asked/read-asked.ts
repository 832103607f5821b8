import { type Assignment, type Command, parse, type Pipeline, type SyntaxNode } from 'unbash';
import { LIMITS } from '../../../contracts/limits.ts';
import type { AskedCommand } from '../../../contracts/shell-consent.ts';
import { CODE_CHANGING, COMMAND_VARIABLES, DOWNLOADERS, INTERPRETERS, PROMPTS } from '../../tables/listed-commands.ts';
import { commandName } from '../inner-commands.ts';
import { nodesBelow, wordOf } from '../read-shell.ts';
import { itemOf, itemOfWord } from './item.ts';
import { judgeWords } from './judge-words.ts';
import { knownValues } from './known-values.ts';
import { type Place, type Reading, WHY } from './reading.ts';

/** Nodes of one script, commands that are told, scripts within scripts, and how deep; what is beyond is asked about. */
const NODES = 20_000;
const MOST = 20;
const INNER = 40;
const DEPTH = 6;
/** Code beyond this is not read: as in the analyser. */
const READ_UTF16 = 131_072;
const SHOWN_UTF16 = 80;

interface Whole {
  readonly found: Map<string, AskedCommand>;
  inner: number;
}

/**
 * The commands of a script that are not on the list of everyday ones, and those of which only the run shows what they are;
 * each once. Runs nothing and never throws. It helps a person to decide and is no wall: the box is that. decision 0068
 */
export function readAsked(code: string): readonly AskedCommand[] {
  const whole: Whole = { found: new Map(), inner: 0 };
  if (code.length > READ_UTF16) ask(whole, code, null, WHY.unread, {});
  else readScript(code, whole, 0, new Set());
  return [...whole.found.values()];
}

function ask({ found }: Whole, source: string, name: string | null, why: string, at: Partial<Place>): void {
  const isLong = name !== null && name.length > LIMITS.commandUtf16.standard;
  const { pos = 0, end = source.length } = at;
  const [line = ''] = source.slice(pos, end).split('\n', 1);
  const text = line.length > SHOWN_UTF16 ? `${line.slice(0, SHOWN_UTF16)}…` : line;
  const key = `${name ?? text}\n${why}`;
  if (found.size < MOST && !found.has(key)) found.set(key, { name: isLong ? null : name, text, why });
}

function readScript(code: string, whole: Whole, depth: number, outer: ReadonlySet<string>): void {
  try {
    const script = parse(code);
    const nodes = nodesBelow(script, NODES);
    const [error] = script.errors ?? [];
    if (error !== undefined || nodes.length >= NODES) ask(whole, code, null, WHY.unread, error ?? {});
    const known = knownValues(nodes, outer);
    const reading: Reading = {
      known,
      ask: (name, why, at) => ask(whole, code, name, why, at),
      read(text, at, isSameShell) {
        whole.inner += 1;
        const isTooMuch = depth >= DEPTH || whole.inner > INNER;
        if (isTooMuch) ask(whole, code, null, WHY.unread, at);
        else readScript(text, whole, depth + 1, isSameShell ? known.functions : new Set());
      },
    };
    for (const node of nodes) judgeNode(node, reading);
  } catch (error) {
    // Too deep for the parser's own stack.
    if (!(error instanceof RangeError)) throw error;
    ask(whole, code, null, WHY.unread, {});
  }
}

function judgeNode(node: SyntaxNode, reading: Reading): void {
  switch (node.type) {
    case 'Command':
      judgeCommand(node, reading);
      break;
    case 'Assignment':
      judgeAssignment(node, reading);
      break;
    case 'Pipeline':
      judgePipeline(node, reading);
      break;
    case 'Transform':
      // `${x@P}` does what the text of a variable says.
      if (node.operand.value === 'P') reading.ask(null, WHY.code, node);
      break;
    default:
  }
}

function judgeCommand(command: Command, reading: Reading): void {
  if (command.name === undefined) return;
  const items = [itemOfWord(command.name), ...command.args.map((argument) => itemOf(argument))];
  const redirects = command.redirects;
  judgeWords(items, { redirects, pos: command.pos, end: command.end, isDirect: true }, reading);
}

/** `PATH=here:$PATH`, `LD_PRELOAD=…`, `PAGER=…`: what commands do without being named. */
function judgeAssignment(assignment: Assignment, reading: Reading): void {
  const { name } = assignment;
  const value = assignment.value.type === 'Word' ? wordOf(assignment.value) : { text: '', isComputed: true };
  if (name === 'PATH') {
    // What is found last hides nothing.
    if (!/^\$(?:PATH\b|\{PATH\})/u.test(value.text)) reading.ask(name, WHY.changes, assignment);
  } else if (CODE_CHANGING.has(name)) {
    reading.ask(name, WHY.changes, assignment);
  } else if (COMMAND_VARIABLES.has(name)) {
    if (value.isComputed) reading.ask(name, WHY.computed, assignment);
    else reading.read(value.text, assignment, true);
  } else if (PROMPTS.has(name) && /\$\(|`/u.test(value.text)) {
    reading.ask(name, WHY.code, assignment);
  }
}

const isNamed = (node: SyntaxNode, names: ReadonlySet<string>): boolean =>
  node.type === 'Command' && node.name !== undefined && names.has(commandName(wordOf(node.name)) ?? '');

/** `curl … | python3`: a download that an interpreter takes for its program. Shells ask about whatever comes in. */
function judgePipeline({ commands, pos, end }: Pipeline, reading: Reading): void {
  const first = commands.findIndex((stage) => nodesBelow(stage, 200).some((node) => isNamed(node, DOWNLOADERS)));
  if (first < 0) return;
  for (const stage of commands.slice(first + 1))
    for (const node of nodesBelow(stage, 200))
      if (node.type === 'Command' && isNamed(node, INTERPRETERS) && takesItsProgram(node))
        reading.ask(null, WHY.download, { pos, end });
}

const takesItsProgram = (command: Command): boolean =>
  command.args.every(
    (argument) => argument.type === 'Word' && (argument.value === '-' || /^-(?![ce]\b|.*[ce]$)/u.test(argument.value)),
  );
