import { type Node, parse } from 'acorn';
import { full } from 'acorn-walk';

/** What scripts of a page find in the place of `location`, which no script can replace or see leave. */
export const LOCATION = 'previewLocation';
const NAME = 'location';
/** Whose property `location` is the page's own. */
const OWNERS = new Set(['window', 'self', 'globalThis', 'document']);

/**
 * The script with every variable `location` under another name, bindings of its own included; properties of that name stay. As it
 * was where it does not parse (the browser says where) or where a module imports or exports the name.
 */
export function renameLocation(source: string, sourceType: 'script' | 'module'): string {
  if (!source.includes(NAME)) return source;
  let program: Node;
  try {
    program = parse(source, {
      ecmaVersion: 'latest',
      sourceType,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: sourceType === 'module',
    });
  } catch {
    return source;
  }
  const found: Found = { places: new Map(), isTraded: false };
  full(program, (node) => FINDS[node.type]?.(node as never, found));
  return found.isTraded ? source : placed(source, found.places);
}

interface Found {
  /** Where a name begins, and what is to stand there. */
  readonly places: Map<number, string>;
  /** A module imports or exports the name. */
  isTraded: boolean;
}

/** By the kind of a node; children come before the nodes that they are in. */
const FINDS: Readonly<Record<string, (node: never, found: Found) => void>> = {
  Identifier({ name, start }: Named, { places }) {
    if (name === NAME && !places.has(start)) places.set(start, LOCATION);
  },
  MemberExpression({ object, property, computed }: Member, { places }) {
    if (!computed && property.name === NAME && isOwner(object)) places.set(property.start, LOCATION);
  },
  ObjectExpression: findShorthand,
  ObjectPattern: findShorthand,
  VariableDeclarator({ id, init }: Declarator, { places }) {
    if (!isOwner(init)) return;
    for (const { key } of id.properties ?? []) if (key?.name === NAME) places.set(key.start, LOCATION);
  },
  ImportDeclaration: findTrade,
  ExportNamedDeclaration: findTrade,
};

function findShorthand({ properties }: Properties, { places }: Found): void {
  for (const { shorthand, key } of properties)
    if (shorthand === true && key?.name === NAME) places.set(key.start, `${NAME}: ${LOCATION}`);
}

function findTrade({ specifiers, declaration }: Trade, found: Found): void {
  const declared = [declaration?.id, ...(declaration?.declarations ?? []).map(({ id }) => id)];
  found.isTraded ||= [...specifiers.map(({ local }) => local), ...declared].some((one) => one?.name === NAME);
}

const isOwner = (node: Named | null): boolean => node?.type === 'Identifier' && OWNERS.has(node.name ?? '');

function placed(source: string, places: ReadonlyMap<number, string>): string {
  let text = '';
  let upTo = 0;
  for (const [at, name] of [...places].sort(([one], [other]) => one - other)) {
    text += source.slice(upTo, at) + name;
    upTo = at + NAME.length;
  }
  return text + source.slice(upTo);
}

// What is read here of ESTree: acorn's own type of a node says no more than where it is.
interface Named {
  readonly type: string;
  readonly start: number;
  readonly name?: string;
}

interface Properties {
  readonly properties: readonly { readonly shorthand?: boolean; readonly key?: Named }[];
}

interface Member {
  readonly object: Named;
  readonly property: Named;
  readonly computed: boolean;
}

interface Trade {
  readonly specifiers: readonly { readonly local: Named }[];
  readonly declaration?: {
    readonly id?: Named | null;
    readonly declarations?: readonly { readonly id: Named }[];
  } | null;
}

interface Declarator {
  readonly id: Partial<Properties>;
  readonly init: Named | null;
}
