import { firstOf, nextOf } from './syntax-table.ts';
import { functionAt, scopeAt } from './tree-context.ts';
import { dottedModule } from './bind-javascript.ts';
import { PYTHON_PURE } from '../tables/pure-names.ts';
import type { ImportFact } from './facts.ts';
import { literalOf } from './literals.ts';
import { type Binding, findBindings } from './scopes.ts';
import { childNamed, childrenOf, nameOf, textOf } from './syntax-table.ts';
import type { TreeContext } from './tree-context.ts';

/** How many steps a name is followed; a longer chain is a value that is not known. */
const HOPS = 40;

/** Names in front of which nothing is lost: `window.fetch` is `fetch`. */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  python: ['builtins.', '__builtins__.'],
  javascript: ['window.', 'globalThis.', 'self.', 'global.'],
  typescript: ['window.', 'globalThis.', 'self.', 'global.'],
  lua: ['_G.', '_ENV.'],
};

const CALLS = new Set(['CallExpression', 'NewExpression']);
const WRAPPERS = new Set(['ParenthesizedExpression', 'AwaitExpression', 'PostfixExpression']);
const KINDS: Readonly<Record<string, string>> = {
  ImportMeta: 'import.meta',
  String: 'str',
  FormatString: 'str',
  ContinuedString: 'str',
  LongString: 'str',
  TemplateString: 'str',
  ArrayExpression: 'list',
  ArrayComprehensionExpression: 'list',
  DictionaryExpression: 'dict',
  DictionaryComprehensionExpression: 'dict',
  SetExpression: 'set',
  SetComprehensionExpression: 'set',
};
/** Functions that give a module by its name. */
const LOADERS = new Set(['__import__', 'importlib.import_module', 'require']);

/** Finds out what expressions stand for: `r.get` after `import requests as r` is `requests.get`. Null: not known. */
export interface DottedNames {
  of(node: number): string | null;
}

function strip(language: string, dotted: string): string {
  if (language === 'python' && (dotted === 'io.open' || dotted === 'codecs.open')) return 'open';
  for (const prefix of PREFIXES[language] ?? [])
    if (dotted.startsWith(prefix) && dotted.length > prefix.length) return dotted.slice(prefix.length);
  return dotted;
}

const below = (base: string | null, member: string): string => `${base ?? ''}.${member}`;

/** Makes the finder for one tree; answers are kept, so that all calls of a long chain cost one walk. */
export function createDottedNames(context: TreeContext, imports: readonly ImportFact[] = []): DottedNames {
  const star = starModule(imports);
  const { table, language } = context;
  const known = new Array<string | null | undefined>(table.count).fill(undefined);
  const following = new Set<number>();

  const ofBinding = (binding: Binding, plain: string, hops: number): string | null => {
    let base = binding.dotted;
    if (base === null) {
      if (binding.value < 0) return null;
      // `eval = eval`: what it was before
      if (following.has(binding.value)) return plain;
      following.add(binding.value);
      base = find(binding.value, hops - 1);
      following.delete(binding.value);
    }
    if (binding.member === null) return base;
    return base === null ? null : below(base, binding.member);
  };

  const ofName = (node: number, hops: number): string | null => {
    const plain = textOf(table, node).trim();
    const bindings = findBindings(context.scopes, scopeAt(context, node), plain);
    if (!bindings) return star === null || PYTHON_BUILTINS.has(plain) ? plain : `${star}.${plain}`;
    // Where a name is made twice, the one that leads somewhere counts: nothing is hidden by a second assignment.
    for (const binding of bindings.slice(0, 8)) {
      const found = ofBinding(binding, plain, hops);
      if (found !== null && !VALUES.has(found)) return found;
    }
    const only = bindings.length === 1 ? bindings[0] : undefined;
    return only ? ofBinding(only, plain, hops) : null;
  };

  const ofMember = (node: number, hops: number): string | null => {
    const base = find(firstOf(table, node), hops - 1);
    const property = childNamed(table, node, 'PropertyName', 'PrivatePropertyName');
    if (property >= 0) return below(base, textOf(table, property));
    const open = childNamed(table, node, '[');
    const key = open < 0 ? null : literalOf(context, nextOf(table, open));
    if (key?.isWhole === true) return below(base, key.text);
    return base === null ? null : `${base}[]`;
  };

  const ofCall = (node: number, hops: number): string | null => {
    const callee = calleeOf(context, node);
    const base = callee < 0 ? null : ofCallee(node, callee, hops);
    if (base === null) return null;
    const args = childNamed(table, node, 'ArgList');
    if (LOADERS.has(base)) {
      const module = literalOf(context, firstArgument(context, args));
      return module?.isWhole === true ? dottedModule(module.text) : `${base}()`;
    }
    if (base === 'getattr') return ofGetattr(args, hops);
    return `${base}()`;
  };

  const ofGetattr = (args: number, hops: number): string | null => {
    const [target, name] = argumentNodes(context, args);
    const member = name === undefined ? null : literalOf(context, name);
    if (target === undefined || member?.isWhole !== true) return 'getattr()';
    return below(find(target, hops - 1), member.text);
  };

  /** Lua's `a:b()` has its member in the call. */
  const ofCallee = (node: number, callee: number, hops: number): string | null => {
    const base = find(callee, hops - 1);
    const method = childNamed(table, node, 'PropertyName');
    return method < 0 ? base : below(base, textOf(table, method));
  };

  const compute = (node: number, hops: number): string | null => {
    const name = nameOf(table, node);
    if (name === 'VariableName') return ofName(node, hops);
    if (name === 'MemberExpression') return ofMember(node, hops);
    if (CALLS.has(name)) return ofCall(node, hops);
    if (name === 'DynamicImport') return literalModule(context, node);
    // outside of functions `this` is the world itself
    if (name === 'this' && functionAt(context, node) < 0) return 'globalThis';
    if (WRAPPERS.has(name)) return find(innerOf(context, node), hops - 1);
    if (name === 'SequenceExpression') return find(childrenOf(table, node).at(-1) ?? -1, hops - 1);
    return KINDS[name] ?? null;
  };

  const find = (node: number, hops: number): string | null => {
    if (node < 0 || hops <= 0) return null;
    const before = known[node];
    if (before !== undefined) return before;
    const found = compute(node, hops);
    const answer = found === null ? null : strip(language, found.slice(0, 200));
    if (following.size === 0) known[node] = answer;
    return answer;
  };

  return { of: (node) => find(node, HOPS) };
}

/** Names that `import *` of a module does not bring, as far as it matters. */
const PYTHON_BUILTINS = new Set([
  ...PYTHON_PURE,
  'eval',
  'exec',
  'compile',
  'open',
  'input',
  '__import__',
  'globals',
  'locals',
  'vars',
  'set',
  'frozenset',
  'hash',
  'id',
  'exit',
  'quit',
  '__builtins__',
]);
const CAREFUL = ['os', 'subprocess', 'socket', 'shutil', 'pickle', 'ctypes'];

/** The module that names from nowhere may come from; of several the one that can do the most. */
function starModule(imports: readonly ImportFact[]): string | null {
  const modules = imports.filter(({ member }) => member === '*').map(({ module }) => module);
  return CAREFUL.find((module) => modules.includes(module)) ?? modules[0] ?? null;
}

const VALUES = new Set(Object.values(KINDS));

function literalModule(context: TreeContext, node: number): string | null {
  const text = childNamed(context.table, node, 'String', 'TemplateString');
  const module = literalOf(context, text);
  return module?.isWhole === true ? dottedModule(module.text) : null;
}

function innerOf(context: TreeContext, node: number): number {
  for (const child of childrenOf(context.table, node)) {
    const name = nameOf(context.table, child);
    if (name.length > 1 && name !== 'await') return child;
  }
  return -1;
}

/** The node that is called; -1 where there is none. */
export function calleeOf(context: TreeContext, node: number): number {
  const first = firstOf(context.table, node);
  if (first < 0 || nameOf(context.table, first) !== 'new') return first;
  return nextOf(context.table, first);
}

/** Nodes of arguments without signs, keywords' names and stars. */
export function argumentNodes(context: TreeContext, args: number): number[] {
  if (args < 0) return [];
  const found: number[] = [];
  for (const child of childrenOf(context.table, args)) {
    const name = nameOf(context.table, child);
    if (name.length > 1 && name !== '**' && name !== 'AssignOp' && name !== 'Spread') found.push(child);
  }
  return found;
}

function firstArgument(context: TreeContext, args: number): number {
  return argumentNodes(context, args)[0] ?? -1;
}
