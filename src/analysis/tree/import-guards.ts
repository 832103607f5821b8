import type { ImportFact } from './facts.ts';
import { childrenOf, fromOf, nameOf, nodesNamed, textOf, toOf } from './syntax-table.ts';
import type { TreeContext } from './tree-context.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Guards {
  /** Where an import that fails is caught, and the code goes on without it. */
  readonly optional: readonly Span[];
  /** What is read for types alone and never runs. */
  readonly types: readonly Span[];
}

const CATCHES = /^\s*$|\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/u;
/** A handler that ends the program is no way to go on. */
const GIVES_UP = /\b(?:raise|sys\.exit|os\._exit|exit|quit)\b/u;
const LOOKS_FIRST = /\bfind_spec\b|\bsys\.modules\b|\bimportlib\.util\b/u;

const spanOf = ({ table }: TreeContext, node: number): Span => ({ from: fromOf(table, node), to: toOf(table, node) });

/** The body of a `try` whose handlers take an import that fails. */
function guardedBody(context: TreeContext, node: number): Span[] {
  const { table } = context;
  let body: number | null = null;
  let caught: string | null = null;
  let isGuarded = false;
  for (const child of childrenOf(table, node)) {
    const name = nameOf(table, child);
    if (name === 'except') caught = '';
    else if (name === 'Body' && body === null) body = child;
    else if (name === 'Body' && caught !== null) {
      isGuarded ||= CATCHES.test(caught) && !GIVES_UP.test(textOf(table, child));
      caught = null;
    } else if (caught !== null) caught += textOf(table, child);
  }
  return isGuarded && body !== null ? [spanOf(context, body)] : [];
}

/** The first body of an `if`, by what it asks. */
function askedBody(context: TreeContext, node: number, asks: RegExp): Span[] {
  const children = childrenOf(context.table, node);
  const body = children.find((child) => nameOf(context.table, child) === 'Body');
  const [, condition] = children;
  if (body === undefined || condition === undefined || !asks.test(textOf(context.table, condition))) return [];
  return [spanOf(context, body)];
}

const TRIES = new Set(['TryStatement']);
const IFS = new Set(['IfStatement']);

function guardsOf(context: TreeContext): Guards {
  const ifs = [...nodesNamed(context.table, IFS)];
  return {
    optional: [
      ...[...nodesNamed(context.table, TRIES)].flatMap((node) => guardedBody(context, node)),
      ...ifs.flatMap((node) => askedBody(context, node, LOOKS_FIRST)),
    ],
    types: ifs.flatMap((node) => askedBody(context, node, /^(?:\w+\.)?TYPE_CHECKING$/u)),
  };
}

const isIn = (spans: readonly Span[], { from, to }: Span): boolean =>
  spans.some((span) => span.from <= from && to <= span.to);

/** Imports of Python as they run: those for types alone are none, and what the code goes on without is marked. */
export function guardedImports(context: TreeContext, imports: readonly ImportFact[]): ImportFact[] {
  if (imports.length === 0) return [];
  const { optional, types } = guardsOf(context);
  return imports
    .filter((fact) => !isIn(types, fact))
    .map((fact) => (isIn(optional, fact) ? { ...fact, isOptional: true } : fact));
}

/** `import type …`, `export type …`, and braces with types alone: TypeScript leaves them out of what runs. */
export const isForTypes = (text: string): boolean =>
  /^(?:import|export)\s+type\b(?!\s*(?:,|from\b|=))/u.test(text) ||
  /^import\s*\{(?:\s*type\s+[\w$]+(?:\s+as\s+[\w$]+)?\s*,?)+\}\s*from/u.test(text);
