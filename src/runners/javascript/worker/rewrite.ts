import { childrenOf, isNode, type Parse, type SyntaxNode } from './acorn.ts';
import { type StaticImport, staticImportOf } from './imports.ts';

/** Only code with one of these words can need a change. */
const MAY_NEED = /\b(?:let|const|class|import|export)\b|^\s*\{/u;
const MAY_ASK = /\b(?:prompt|confirm)\s*\(/u;
/** Under this name assignments to constants of earlier runs throw; see `guest/main.ts`. */
const CONSTANT = '$const';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface CellFacts {
  /** Names of constants of earlier runs. */
  readonly constants: ReadonlySet<string>;
  /** Where a worker cannot stand still, `prompt()` must be awaited. */
  readonly waitsForInput: boolean;
}

export interface Rewritten {
  readonly code: string;
  /** Names that this code declares as constants, and those that it declares otherwise. */
  readonly constants: readonly string[];
  readonly variables: readonly string[];
  /** It has an import or an export, so it was written as a module and is strict. */
  readonly isModule: boolean;
  /** What must be linked and run before it. */
  readonly imports: readonly StaticImport[];
  /** From an offset in this code to the one in the program that it comes from. */
  readonly originOf: (offset: number) => number;
  /** Acorn could not read it. */
  readonly isUnread: boolean;
}

/** Names that a pattern binds. */
function namesOf(pattern: SyntaxNode): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [String(pattern['name'])];
    case 'Property':
      return namesOf(pattern['value'] as SyntaxNode);
    case 'AssignmentPattern':
      return namesOf(pattern['left'] as SyntaxNode);
    case 'RestElement':
      return namesOf(pattern['argument'] as SyntaxNode);
    default:
      return [...childrenOf(pattern)].flatMap(namesOf);
  }
}

/**
 * Makes one run of a conversation from a program: its own names must be seen by later runs and may be declared again there,
 * as at Node's prompt. What the top level declares becomes `var` (of the same length, so that columns stay), imports become
 * awaited ones before its first line, exports lose the word; assignments to constants are kept from passing. Code that acorn cannot read is left
 * as it is.
 */
export function rewriteCell(code: string, parse: Parse, { constants: known, waitsForInput }: CellFacts): Rewritten {
  const plain: Rewritten = {
    code,
    constants: [],
    variables: [],
    isModule: false,
    imports: [],
    originOf: (offset) => offset,
    isUnread: false,
  };
  const mayAsk = waitsForInput && MAY_ASK.test(code);
  if (!MAY_NEED.test(code) && known.size === 0 && !mayAsk) return plain;
  const object = asObject(code, parse);
  if (object !== null) return { ...plain, code: object, originOf: (offset) => offset - 1 };
  const body = parse(code);
  if (!body) return { ...plain, isUnread: true };
  const edits: Edit[] = [];
  const constants = new Set<string>();
  const variables = new Set<string>();
  const imports: StaticImport[] = [];
  for (const statement of body) rewriteStatement(statement, code, { edits, constants, variables, imports });
  const guarded = new Set([...constants, ...[...known].filter((name) => !variables.has(name))]);
  if (guarded.size > 0) for (const statement of body) guardConstants(statement, guarded, edits);
  replaceMeta(body, edits);
  if (mayAsk) awaitDialogs(body, edits);
  const isModule = body.some(({ type }) => /^(?:Import|Export)/u.test(type));
  putAhead(imports.map(({ binding }) => binding).join(''), code, edits);
  return {
    ...applied(code, edits),
    constants: [...constants],
    variables: [...variables],
    isModule,
    imports,
    isUnread: false,
  };
}

/** Puts what binds imports before the first line, on it; a line for the shell becomes a remark behind it. */
function putAhead(head: string, code: string, edits: Edit[]): void {
  if (head === '') return;
  const isForShell = code.startsWith('#!');
  edits.push({ start: 0, end: isForShell ? 2 : 0, text: isForShell ? `${head}//` : head });
}

/** `{a: 1}` alone is an object to a person at a prompt, not a block. */
function asObject(code: string, parse: Parse): string | null {
  if (!/^\s*\{/u.test(code) || /;\s*$/u.test(code)) return null;
  const wrapped = `(${code.trim()})`;
  const body = parse(wrapped);
  return body?.length === 1 ? wrapped : null;
}

interface Found {
  readonly edits: Edit[];
  readonly constants: Set<string>;
  readonly variables: Set<string>;
  readonly imports: StaticImport[];
}

function rewriteStatement(statement: SyntaxNode, code: string, found: Found): void {
  switch (statement.type) {
    case 'VariableDeclaration':
      rewriteVariables(statement, found);
      return;
    case 'FunctionDeclaration':
      if (isNode(statement['id'])) found.variables.add(String(statement['id']['name']));
      return;
    case 'ClassDeclaration': {
      const { id } = statement;
      if (!isNode(id)) return;
      found.variables.add(String(id['name']));
      found.edits.push({ start: statement.start, end: statement.start, text: `var ${String(id['name'])}=` });
      found.edits.push({ start: statement.end, end: statement.end, text: ';' });
      return;
    }
    case 'ImportDeclaration':
      found.edits.push({
        start: statement.start,
        end: statement.end,
        text: padded(';', statement, code),
      });
      takeImport(statement, found);
      return;
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
      rewriteExport(statement, code, found);
  }
}

function rewriteVariables(statement: SyntaxNode, { edits, constants, variables }: Found): void {
  const kind = String(statement['kind']);
  const declared = (statement['declarations'] as readonly SyntaxNode[]).flatMap(({ id }) => namesOf(id as SyntaxNode));
  for (const name of declared) (kind === 'const' ? constants : variables).add(name);
  if (kind !== 'let' && kind !== 'const') return;
  edits.push({ start: statement.start, end: statement.start + kind.length, text: 'var'.padEnd(kind.length) });
  // `let x;` makes it undefined again; `var x;` would keep what an earlier run left there.
  for (const one of statement['declarations'] as readonly SyntaxNode[]) {
    if (one['init'] === null) edits.push({ start: one.end, end: one.end, text: '=undefined' });
  }
}

function rewriteExport(statement: SyntaxNode, code: string, found: Found): void {
  const { declaration } = statement;
  takeImport(statement, found);
  if (isNode(declaration)) {
    found.edits.push({
      start: statement.start,
      end: declaration.start,
      text: ' '.repeat(declaration.start - statement.start),
    });
    const isNamed = isNode(declaration['id']) || declaration.type === 'VariableDeclaration';
    if (isNamed) rewriteStatement(declaration, code, found);
    // A nameless function or class stands as the value of an expression.
    else if (/^(?:Function|Class)Declaration$/u.test(declaration.type)) {
      found.edits.push({ start: declaration.start, end: declaration.start, text: '(' });
      found.edits.push({ start: declaration.end, end: declaration.end, text: ')' });
    }
    return;
  }
  found.edits.push({ start: statement.start, end: statement.end, text: padded(';', statement, code) });
}

function takeImport(statement: SyntaxNode, { imports }: Found): void {
  const found = staticImportOf(statement);
  if (found) imports.push(found);
}

/** Lines after a replacement keep their numbers. */
function padded(text: string, { start, end }: SyntaxNode, code: string): string {
  const lines = code.slice(start, end).split('\n').length - 1;
  return text + '\n'.repeat(lines);
}

/** Assignments to these names go to an object whose every property throws. */
function guardConstants(node: SyntaxNode, names: ReadonlySet<string>, edits: Edit[]): void {
  if (names.size === 0) return;
  const inner =
    /Function/u.test(node.type) || node.type === 'BlockStatement' ? without(names, declaredIn(node)) : names;
  if (node.type === 'AssignmentExpression') guardTarget(node['left'] as SyntaxNode, inner, edits);
  else if (node.type === 'UpdateExpression') guardTarget(node['argument'] as SyntaxNode, inner, edits);
  else if ((node.type === 'ForOfStatement' || node.type === 'ForInStatement') && isNode(node['left'])) {
    if (node['left'].type !== 'VariableDeclaration') guardTarget(node['left'], inner, edits);
  }
  for (const child of childrenOf(node)) guardConstants(child, inner, edits);
}

function guardTarget(target: SyntaxNode, names: ReadonlySet<string>, edits: Edit[]): void {
  if (target.type === 'Identifier') {
    const name = String(target['name']);
    if (names.has(name)) edits.push({ start: target.start, end: target.end, text: `${CONSTANT}.${name}` });
    return;
  }
  if (target.type === 'MemberExpression') return;
  if (target.type === 'Property') {
    const value = target['value'] as SyntaxNode;
    if (target['shorthand'] === true && value.type === 'Identifier' && names.has(String(value['name']))) {
      edits.push({
        start: value.start,
        end: value.end,
        text: `${String(value['name'])}:${CONSTANT}.${String(value['name'])}`,
      });
    } else guardTarget(value, names, edits);
    return;
  }
  if (target.type === 'AssignmentPattern') guardTarget(target['left'] as SyntaxNode, names, edits);
  else if (target.type === 'RestElement') guardTarget(target['argument'] as SyntaxNode, names, edits);
  else for (const child of childrenOf(target)) guardTarget(child, names, edits);
}

function without(names: ReadonlySet<string>, hidden: readonly string[]): ReadonlySet<string> {
  return hidden.length === 0 ? names : new Set([...names].filter((name) => !hidden.includes(name)));
}

/** Names that a function or a block declares for itself; a name of the same spelling outside is another one. */
function declaredIn(node: SyntaxNode): string[] {
  const names = ((node['params'] as readonly SyntaxNode[] | undefined) ?? []).flatMap(namesOf);
  const visit = (at: SyntaxNode, isTop: boolean): void => {
    if (at.type === 'VariableDeclaration') {
      names.push(...(at['declarations'] as readonly SyntaxNode[]).flatMap(({ id }) => namesOf(id as SyntaxNode)));
    }
    if (/^(?:Function|Class)Declaration$/u.test(at.type) && isNode(at['id'])) names.push(String(at['id']['name']));
    if (/Function/u.test(at.type) && !isTop) return;
    for (const child of childrenOf(at)) visit(child, false);
  };
  visit(node, true);
  return names;
}

/** A script has no `import.meta`; a global of the same length stands for it. */
function replaceMeta(nodes: Iterable<SyntaxNode>, edits: Edit[]): void {
  for (const node of nodes) {
    const isMeta = node.type === 'MetaProperty' && (node['meta'] as SyntaxNode)['name'] === 'import';
    if (isMeta) edits.push({ start: node.start, end: node.end, text: '$importMeta' });
    else replaceMeta(childrenOf(node), edits);
  }
}

/** Calls of dialogs where a program may await; elsewhere they see the end of the input. */
function awaitDialogs(nodes: Iterable<SyntaxNode>, edits: Edit[]): void {
  for (const node of nodes) {
    if (/Function/u.test(node.type) && node['async'] !== true) continue;
    const callee = node.type === 'CallExpression' ? (node['callee'] as SyntaxNode) : null;
    if (callee?.type === 'Identifier' && /^(?:prompt|confirm)$/u.test(String(callee['name']))) {
      edits.push({ start: callee.start, end: callee.end, text: `(await $${String(callee['name'])}` });
      edits.push({ start: node.end, end: node.end, text: ')' });
    }
    awaitDialogs(childrenOf(node), edits);
  }
}

function applied(code: string, edits: readonly Edit[]): Pick<Rewritten, 'code' | 'originOf'> {
  let text = '';
  let at = 0;
  /** Where pieces of either kind begin, here and in the program; of what was put in, how much of the program it stands for. */
  const pieces: { readonly to: number; readonly from: number; readonly most: number }[] = [];
  const copy = (end: number): void => {
    pieces.push({ to: text.length, from: at, most: Infinity });
    text += code.slice(at, end);
    at = end;
  };
  for (const { start, end, text: replaced } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) continue; // inside of what was replaced whole
    copy(start);
    pieces.push({ to: text.length, from: start, most: Math.max(0, end - start - 1) });
    text += replaced;
    at = end;
  }
  copy(code.length);
  const originOf = (offset: number): number => {
    const { to, from, most } = pieces.findLast((piece) => piece.to <= offset) ?? { to: 0, from: 0, most: Infinity };
    return from + Math.min(offset - to, most);
  };
  return { code: text, originOf };
}
