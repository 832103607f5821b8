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
  const places = new Map<number, string>();
  let isTraded = false;
  full(program, (node) => {
    const each = node as AnyNode;
    if (each.type === 'Identifier') {
      if (each.name === NAME && !places.has(each.start)) places.set(each.start, LOCATION);
    } else if (each.type === 'MemberExpression') {
      const { object, property, computed } = each;
      if (!computed && property.name === NAME && object.type === 'Identifier' && OWNERS.has(object.name ?? ''))
        places.set(property.start, LOCATION);
    } else if (each.type === 'ObjectExpression' || each.type === 'ObjectPattern') {
      for (const { shorthand, key } of each.properties)
        if (shorthand === true && key?.name === NAME) places.set(key.start, `${NAME}: ${LOCATION}`);
    } else if (each.type === 'VariableDeclarator') {
      if (each.id.properties && each.init?.type === 'Identifier' && OWNERS.has(each.init.name ?? ''))
        for (const { key } of each.id.properties) if (key?.name === NAME) places.set(key.start, LOCATION);
    } else if (each.type === 'ImportDeclaration' || each.type === 'ExportNamedDeclaration')
      isTraded ||= each.specifiers.some(({ local }) => local.name === NAME);
  });
  return isTraded ? source : placed(source, places);
}

function placed(source: string, places: ReadonlyMap<number, string>): string {
  let text = '';
  let upTo = 0;
  for (const [at, name] of [...places].sort(([one], [other]) => one - other)) {
    text += source.slice(upTo, at) + name;
    upTo = at + NAME.length;
  }
  return text + source.slice(upTo);
}

interface Properties {
  readonly properties: readonly { readonly shorthand?: boolean; readonly key?: Named }[];
}

interface Named {
  readonly type: string;
  readonly start: number;
  readonly name?: string;
}

/** What is read here of ESTree; acorn's own type of a node says no more than where it is. */
type AnyNode =
  | ({ readonly type: 'Identifier' } & Named)
  | { readonly type: 'MemberExpression'; readonly object: Named; readonly property: Named; readonly computed: boolean }
  | ({ readonly type: 'ObjectExpression' | 'ObjectPattern' } & Properties)
  | { readonly type: 'VariableDeclarator'; readonly id: Partial<Properties>; readonly init: Named | null }
  | {
      readonly type: 'ImportDeclaration' | 'ExportNamedDeclaration';
      readonly specifiers: readonly { readonly local: Named }[];
    };
