import { firstOf, nextOf, parentOf, fromOf, toOf } from './syntax-table.ts';
import { argumentNodes, calleeOf, type DottedNames } from './dotted-names.ts';
import type { ArgumentFact, CallFact, ImportFact, NameFact } from './facts.ts';
import { isRelativeModule } from './bind-javascript.ts';
import { literalOf } from './literals.ts';
import { childNamed, childrenOf, nameOf, nodesNamed, textOf } from './syntax-table.ts';
import { SILENT, type TreeContext } from './tree-context.ts';

/** Arguments looked at in one call, and words in one list: no rule needs more. */
const ARGUMENTS = 12;
const WORDS = 40;
const SOURCE_KEPT = 200;
const LISTS = new Set(['ArrayExpression', 'TupleExpression', 'TableConstructor']);

/** `sys.executable` in a list of words is the interpreter. */
const WORD_NAMES: ReadonlyMap<string, string> = new Map([
  ['sys.executable', 'python3'],
  ['process.execPath', 'node'],
  ['process.argv[]', 'node'],
]);

/** A list that a name stands for: `cmd = ["rm", "-rf"]`, then `run(cmd)`. */
function wordsOf(context: TreeContext, names: DottedNames, node: number): readonly (string | null)[] | null {
  if (!LISTS.has(nameOf(context.table, node))) return null;
  return argumentNodes(context, node)
    .slice(0, WORDS)
    .map((word) => {
      const literal = literalOf(context, word);
      if (literal?.isWhole === true) return literal.text;
      return WORD_NAMES.get(names.of(word) ?? '') ?? null;
    });
}

/** What few ask for is found out when it is asked for: most calls interest nobody beyond their name. */
class Argument implements ArgumentFact {
  readonly keyword: string | null;
  readonly name: string | null;
  readonly node: number;
  readonly #context: TreeContext;
  readonly #names: DottedNames;
  #literal: ArgumentFact['literal'] | undefined;

  constructor(context: TreeContext, names: DottedNames, node: number, keyword: string | null) {
    this.keyword = keyword;
    this.name = names.of(node);
    this.node = node;
    this.#context = context;
    this.#names = names;
  }

  get source(): string {
    return textOf(this.#context.table, this.node).slice(0, SOURCE_KEPT);
  }

  get literal(): ArgumentFact['literal'] {
    if (this.#literal === undefined) this.#literal = literalOf(this.#context, this.node);
    return this.#literal;
  }

  get words(): ArgumentFact['words'] {
    return wordsOf(this.#context, this.#names, this.node);
  }
}

function readArguments(context: TreeContext, names: DottedNames, args: number): ArgumentFact[] {
  if (args < 0) return [];
  const { table } = context;
  const found: ArgumentFact[] = [];
  let keyword: string | null = null;
  for (let child = firstOf(table, args); child >= 0 && found.length < ARGUMENTS; child = nextOf(table, child)) {
    const name = nameOf(table, child);
    if (name.length === 1 || name === 'import' || name === 'AssignOp' || name === '**' || name === 'Spread') continue;
    if (context.role[child] === SILENT && name === 'VariableName') {
      keyword = textOf(table, child);
      continue;
    }
    found.push(new Argument(context, names, child, keyword));
    keyword = null;
  }
  return found;
}

export interface CallsRead {
  readonly calls: CallFact[];
  readonly names: NameFact[];
  /** Modules loaded by calls: `require("x")`, `importlib.import_module("x")`, `import("x")`. */
  readonly loaded: ImportFact[];
}

function calledName(context: TreeContext, names: DottedNames, node: number): string {
  const callee = calleeOf(context, node);
  const base = callee < 0 ? null : names.of(callee);
  const method =
    nameOf(context.table, node) === 'CallExpression' ? childNamed(context.table, node, 'PropertyName') : -1;
  if (method >= 0) return `${base ?? ''}.${textOf(context.table, method)}`;
  return base ?? '';
}

const LOADING = new Set(['require', 'import', '__import__', 'importlib.import_module', 'import_module']);

function loadedBy(context: TreeContext, call: CallFact): ImportFact | null {
  const first = call.args[0]?.literal;
  if (!LOADING.has(call.name) || first?.isWhole !== true) return null;
  const isRelative = context.language !== 'lua' && isRelativeModule(first.text);
  return { module: first.text, member: null, isRelative, from: call.from, to: call.to };
}

const DECORATED = 'Decorator';

/** Members and names that are read or assigned, as far as they lead to something outside of the code. */
function nameFact(context: TreeContext, names: DottedNames, node: number): NameFact | null {
  const { table } = context;
  const above = parentOf(table, node);
  const aboveName = above < 0 ? '' : nameOf(table, above);
  if (aboveName === 'MemberExpression' && table.first[above] === node) return null;
  const name = names.of(node);
  if (name === null) return null;
  const beside = nextOf(table, node);
  const isTarget =
    (aboveName === 'AssignmentExpression' || aboveName === 'AssignStatement' || aboveName === 'UpdateStatement') &&
    beside >= 0 &&
    ['Equals', 'AssignOp', 'UpdateOp', '='].includes(nameOf(table, beside));
  return { name, isAssigned: isTarget, from: fromOf(table, node), to: toOf(table, node) };
}

const CALLS = new Set(['CallExpression', 'NewExpression', 'DynamicImport', DECORATED]);

function callFact(context: TreeContext, names: DottedNames, node: number): CallFact {
  const { table } = context;
  const kind = nameOf(table, node);
  const isImport = kind === 'DynamicImport';
  const args = isImport ? node : childNamed(table, node, 'ArgList');
  const plain = isImport ? 'import' : calledName(context, names, node);
  return {
    name: kind === DECORATED ? `@${decoratorName(context, names, node)}` : plain,
    args: readArguments(context, names, args),
    from: fromOf(table, node),
    to: toOf(table, node),
    node,
    isNew: kind === 'NewExpression',
    isPassed: false,
  };
}

const NAMES = new Set(['VariableName', 'MemberExpression']);

/** These look at what they get and never call it. */
const SHOWING = /^(print|console\.\w+|type|isinstance|issubclass|str|repr|len|id|callable|hasattr|typeof)$/u;

/** Functions that a call gets as arguments count as called, with arguments that nobody knows. */
function passedBy(context: TreeContext, call: CallFact): CallFact[] {
  if (SHOWING.test(call.name)) return [];
  return call.args.flatMap(({ name, node, literal }) => {
    if (name === null || literal !== null || !NAMES.has(nameOf(context.table, node))) return [];
    const [from, to] = [fromOf(context.table, node), toOf(context.table, node)];
    const unknown = { keyword: null, source: '', literal: null, words: null, name: null, node };
    return [{ name, args: [unknown], from, to, node, isNew: false, isPassed: true }];
  });
}

const CALLS_AND_NAMES = new Set([...CALLS, ...NAMES]);

/** Lists calls, loaded modules and outside names of a tree whose names are bound. */
export function readCalls(context: TreeContext, names: DottedNames): CallsRead {
  const { table } = context;
  const calls: CallFact[] = [];
  const found: NameFact[] = [];
  const loaded: ImportFact[] = [];
  for (const at of nodesNamed(table, CALLS_AND_NAMES)) {
    const kind = nameOf(table, at);
    if (CALLS.has(kind)) {
      const call = callFact(context, names, at);
      calls.push(call, ...passedBy(context, call));
      const module = loadedBy(context, call);
      if (module) loaded.push(module);
    } else if (kind === 'MemberExpression' || (kind === 'VariableName' && context.role[at] === 0)) {
      const name = nameFact(context, names, at);
      if (name) found.push(name);
    }
  }
  return { calls, names: found, loaded };
}

function decoratorName(context: TreeContext, names: DottedNames, node: number): string {
  const parts = childrenOf(context.table, node).filter((part) =>
    ['VariableName', 'PropertyName'].includes(nameOf(context.table, part)),
  );
  const first = parts[0];
  if (first === undefined) return '';
  const rest = parts.slice(1).map((part) => `.${textOf(context.table, part)}`);
  return (names.of(first) ?? '') + rest.join('');
}
