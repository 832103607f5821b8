import {
  childNamed,
  firstOf,
  fromOf,
  nameOf,
  nextOf,
  nodesNamed,
  type SyntaxTable,
  toOf,
} from '../tree/syntax-table.ts';
import type { CodeFact, FileUse, NetworkUse } from '../../contracts/analysis.ts';
import type { Positions } from '../positions.ts';
import type { ShellPart } from '../rules/match-rules.ts';
import { readShell } from '../shell/read-shell.ts';
import type { ShellFacts } from '../shell/shell-facts.ts';
import { fileUseOf, mayUseFiles, pathIndex } from '../tables/file-calls.ts';
import { mayReachNetwork, networkImport, networkUseOf } from '../tables/network-calls.ts';
import type { CallFact } from '../tree/facts.ts';
import type { TreeLanguage } from '../tree/grammars.ts';
import { pythonFaults } from '../fixes/python-faults.ts';
import { pythonSureFaults } from '../syntax/python-sure-faults.ts';
import { scriptSureFaults } from '../syntax/script-sure-faults.ts';
import { argumentNodes } from '../tree/dotted-names.ts';
import { literalOf } from '../tree/literals.ts';
import { readTree, type TreeRead } from '../tree/read-tree.ts';
import { withNames } from '../tree/said-names.ts';
import { shellFiles, shellFound, shellNetwork } from './shell-uses.ts';
import { allocationsIn } from './allocations.ts';
import { destructionFound } from './destruction.ts';
import { hiddenText, lookAlikes } from './hidden-text.ts';
import { installsOf, isInstall } from './installs.ts';
import { readNotebook, type NotebookCell } from './notebook-lines.ts';
import { addFact, type Place, type Survey } from './survey.ts';

/** Calls whose text is a command of a shell, or whose list is the words of one. */
const STARTING =
  /^(os\.(system|popen|execute)|posix\.system|io\.popen|subprocess\.\w+|child_process\.\w+|asyncio\.create_subprocess_\w+|execa|Deno\.(run|Command)|Bun\.spawn)$/u;
/** Commands in texts that are read, and how long each may be: a piece of code has one or two. */
const COMMANDS = 20;
const COMMAND_UTF16 = 2_000;
/** Errors told; more of them tell nothing new. */
const ERRORS = 20;
/** Bytes asked for at once that no limit here allows. */
const HUGE_BYTES = 800_000_000;

const quote = (word: string | null): string => (word === null ? '"$X"' : `'${word.replaceAll("'", String.raw`'\''`)}'`);

function commandText(call: CallFact): string | null {
  const first = call.args[0];
  if (!first) return null;
  if (first.words) return first.words.map((word) => quote(word)).join(' ');
  if (first.literal === null) return null;
  const second = call.args[1]?.words;
  // spawn("rm", ["-rf", x])
  if (second) return [quote(first.literal.text), ...second.map((word) => quote(word))].join(' ');
  return first.literal.isWhole ? first.literal.text : `${first.literal.text} "$X"`;
}

function readCommands(calls: readonly CallFact[]): ShellPart[] {
  const parts: ShellPart[] = [];
  for (const call of withNames(calls, (name) => STARTING.test(name))) {
    if (parts.length >= COMMANDS) break;
    const text = commandText(call);
    if (text !== null && text.length <= COMMAND_UTF16)
      parts.push({ facts: readShell(text), at: { from: call.from, to: call.to } });
  }
  return parts;
}

/** The lines of a notebook that a shell runs. */
function readLines({ commands }: NotebookCell): ShellPart[] {
  return commands.slice(0, COMMANDS).map(({ text, from, to }) => ({ facts: readShell(text), at: { from, to } }));
}

/** Whether these need the network depends on what is here already. */
const withoutInstalls = (facts: ShellFacts): ShellFacts => ({
  ...facts,
  commands: facts.commands.filter((command) => !isInstall(command)),
});

const QUIET = /String|Comment|RegExp|JSXText/u;

/** Whether an offset stands in a text or a comment. */
function isQuiet({ context: { table } }: TreeRead, offset: number): boolean {
  let at = 0;
  for (let inner = firstOf(table, at); inner >= 0; ) {
    if (fromOf(table, inner) <= offset && offset < toOf(table, inner)) {
      if (QUIET.test(nameOf(table, inner))) return true;
      at = inner;
      inner = firstOf(table, at);
    } else inner = nextOf(table, inner);
  }
  return false;
}

function filesOf(read: TreeRead, positions: Positions): FileUse[] {
  const { calls, language } = read.facts;
  return withNames(calls, (name) => mayUseFiles(language, name)).flatMap((call): FileUse[] => {
    const use = fileUseOf(language, call);
    if (!use) return [];
    const point = call.name.lastIndexOf('.');
    const isOfPath = call.name.startsWith('pathlib.Path()') && point > 0;
    const literal = isOfPath
      ? pathOfBase(read, call)
      : (call.args.filter(({ keyword }) => keyword === null)[pathIndex(call)]?.literal ?? null);
    const at = positions.range(call.from, call.to);
    const accesses = use === 'both' ? (['read', 'write'] as const) : [use];
    return accesses.map((access) => ({ access, path: literal?.text ?? null, at }));
  });
}

/** The path of `Path("a").read_text()`, or of a name that stands for such a one. */
function pathOfBase(read: TreeRead, call: CallFact): { text: string } | null {
  const { table } = read.context;
  const member = firstOf(table, call.node);
  const base = member < 0 ? -1 : firstOf(table, member);
  if (base < 0 || nameOf(table, base) !== 'CallExpression') return null;
  const [path] = argumentNodes(read.context, childNamed(table, base, 'ArgList'));
  return path === undefined ? null : literalOf(read.context, path);
}

function networkOf(read: TreeRead, positions: Positions): NetworkUse[] {
  const { language } = read.facts;
  const reaching = withNames(read.facts.calls, (name) => mayReachNetwork(language, name));
  const calls = reaching.flatMap((call): NetworkUse[] => {
    const use = networkUseOf(language, call);
    return use ? [{ ...use, at: positions.range(call.from, call.to) }] : [];
  });
  const modules = read.facts.imports.flatMap((module): NetworkUse[] => {
    const place = networkImport(module);
    return place === null ? [] : [{ by: 'import', ...place, at: positions.range(module.from, module.to) }];
  });
  const images = read.facts.names
    .filter(({ name, isAssigned }) => isAssigned && name === 'Image().src')
    .map(({ from, to }): NetworkUse => ({ by: 'Image', host: null, origin: null, at: positions.range(from, to) }));
  return [...calls, ...modules, ...images];
}

const SPAWNING = /^(os\.fork|child_process\.(spawn|fork|exec|execSync|spawnSync)|cluster\.fork|subprocess\.Popen)$/u;

/** Starts of processes inside loops without an end. */
function spawningIn(read: TreeRead): Place[] {
  const endless = read.facts.loops.filter(({ isEndless }) => isEndless).slice(0, 20);
  return withNames(read.facts.calls, (name) => SPAWNING.test(name)).filter((call) =>
    endless.some(({ from, to }) => call.from >= from && call.to <= to),
  );
}

const RUNNING = new Set(['eval', 'exec', 'Function', 'load', 'loadstring']);

/** `exec(requests.get(…).text)`. */
function downloadedIn(read: TreeRead): Place[] {
  return withNames(read.facts.calls, (name) => RUNNING.has(name)).filter((call) => {
    const name = call.args[0]?.name;
    if (name == null) return false;
    return networkUseOf(read.facts.language, { ...call, name, args: [] }) !== null;
  });
}

/** The faults of a tree: our grammar of Lua has all of Lua. */
function errorsOfTree(table: SyntaxTable, nodes: readonly number[]): Faults['syntaxErrors'] {
  return nodes.map((node) => {
    const [from, to] = [fromOf(table, node), toOf(table, node)];
    const text = table.code.slice(from, Math.min(to, from + 20));
    return { message: text === '' ? 'Something is missing here' : `“${text}” is not expected here`, from, to };
  });
}

type Faults = Pick<Survey, 'syntaxErrors' | 'isUnsure'>;

/**
 * What a grammar does not take may be newer than the grammar: only what no parser of the language takes is told as a fault, of all else
 * the engine's own parser has the last word. Found on @lezer/python 1.1.19 and @lezer/javascript 1.5.6.
 */
function faultsOf(read: TreeRead): Faults {
  const { language, table } = read.context;
  if (language === 'lua')
    return {
      syntaxErrors: errorsOfTree(table, [...table.errors, ...loneValues(read)].slice(0, ERRORS)),
      isUnsure: false,
    };
  const hasDoubt = table.errors.length > 0 || (language === 'python' && pythonFaults(table).length > 0);
  if (!hasDoubt) return { syntaxErrors: [], isUnsure: false };
  const sure = language === 'python' ? pythonSureFaults(table.code) : scriptSureFaults(table.code);
  return { syntaxErrors: sure.slice(0, ERRORS), isUnsure: true };
}

const EXPRESSIONS = new Set(['ExpressionStatement']);

/** In Lua a value alone is no statement, unless it is a call; the grammar takes it. */
function loneValues({ context }: TreeRead): number[] {
  const { table, language } = context;
  if (language !== 'lua') return [];
  const found: number[] = [];
  for (const at of nodesNamed(table, EXPRESSIONS)) {
    const value = firstOf(table, at);
    if (value >= 0 && nameOf(table, value) !== 'CallExpression') found.push(value);
  }
  return found;
}

/** Reads code of a language with a lezer grammar as a whole. */
export function surveyTree(language: TreeLanguage, code: string, positions: Positions, isPartial: boolean): Survey {
  const cell = language === 'python' ? readNotebook(code) : { python: code, commands: [] };
  const read = readTree(language, cell.python);
  const found = new Map<CodeFact, Place[]>();
  const lines = readLines(cell);
  const shells = [...readCommands(read.facts.calls), ...lines];
  for (const part of shells) shellFound(part, found);
  const files = filesOf(read, positions);
  destructionFound(read, files, found);
  addFact(found, 'hidden-text', hiddenText(code));
  addFact(
    found,
    'look-alike',
    lookAlikes(code, (offset) => isQuiet(read, offset)),
  );
  const endless = read.facts.loops.filter(({ isEndless }) => isEndless);
  addFact(found, 'endless-loop', endless);
  addFact(
    found,
    'star-import',
    read.facts.imports.filter(({ member }) => member === '*'),
  );
  const allocations = allocationsIn(read);
  addFact(
    found,
    'huge-allocation',
    allocations.filter(({ bytes }) => bytes >= HUGE_BYTES),
  );
  addFact(found, 'self-spawning', spawningIn(read));
  addFact(found, 'runs-downloaded-code', downloadedIn(read));
  return {
    language,
    code,
    positions,
    calls: read.facts.calls,
    imports: read.facts.imports,
    names: read.facts.names,
    files: [...files, ...lines.flatMap(({ facts, at }) => shellFiles(facts, positions, at))],
    innerFiles: shells.flatMap(({ facts, at }) =>
      lines.some((line) => line.facts === facts) ? [] : shellFiles(facts, positions, at),
    ),
    network: [
      ...networkOf(read, positions),
      ...shells.flatMap((part) =>
        shellNetwork(lines.includes(part) ? withoutInstalls(part.facts) : part.facts, positions, part.at),
      ),
    ],
    installs: lines.flatMap(({ facts, at }) => installsOf(facts.commands, at)),
    shells,
    found,
    ...faultsOf(read),
    endlessLoops: endless,
    allocatedBytes: allocations.reduce((most, { bytes }) => Math.max(most, bytes), 0),
    programs: [],
    tree: read,
    shell: null,
    inner: [],
    isPartial: isPartial || read.context.table.isCut,
  };
}
