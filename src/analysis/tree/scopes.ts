/** Where a name is made. */
export interface Binding {
  readonly kind: 'import' | 'value' | 'parameter' | 'function' | 'class';
  /** For imports: the dotted name that it stands for. */
  readonly dotted: string | null;
  /** What is taken of `dotted` or of the value: `{ a }` of an object. */
  readonly member: string | null;
  /** The node of its value, where the name stands alone before one; -1 otherwise. */
  readonly value: number;
  readonly offset: number;
  /** The innermost conditional part that it is in; -1 for none. */
  readonly block: number;
}

export interface Scope {
  readonly parent: number;
  readonly node: number;
  readonly kind: 'root' | 'function' | 'class' | 'block';
  readonly names: Map<string, Binding[]>;
  /** Names that belong to the root by `global`. */
  readonly globals: Set<string>;
}

export function createScope(parent: number, node: number, kind: Scope['kind']): Scope {
  return { parent, node, kind, names: new Map(), globals: new Set() };
}

/** Scopes within scopes that are looked through; deeper code is hostile, and its names count as not made here. */
const CLIMB = 400;

/** Where a name is made that is used in `scope`; undefined where nothing of the code makes it. */
export function findBindings(scopes: readonly Scope[], scope: number, name: string): readonly Binding[] | undefined {
  let at = scope;
  let isFirst = true;
  for (let steps = 0; at >= 0 && steps < CLIMB; steps++) {
    const here = scopes[at];
    if (!here) return undefined;
    // a class's names are seen in its body, not in its methods
    if (isFirst || here.kind !== 'class') {
      const found = here.names.get(name);
      if (found) return found;
    }
    if (here.globals.has(name)) return scopes[0]?.names.get(name);
    isFirst = false;
    at = here.parent;
  }
  return undefined;
}
