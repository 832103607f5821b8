/** What is used of acorn's tree; positions count UTF-16 units from 0. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [name: string]: unknown;
}

interface Acorn {
  parse(code: string, options: object): SyntaxNode & { readonly body: readonly SyntaxNode[] };
}

export type Parse = (code: string) => readonly SyntaxNode[] | null;

export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

export function* childrenOf(node: SyntaxNode): Generator<SyntaxNode> {
  for (const value of Object.values(node)) {
    if (isNode(value)) yield value;
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) yield item;
  }
}

/** Loads acorn from its text when it is first wanted. Null where the code is not in a form that acorn knows. */
export function createParse(text: () => string): Parse {
  let acorn: Acorn | null = null;
  return (code) => {
    // eslint-disable-next-line no-eval -- in the box, whose policy allows it for just this: scripts that came as bytes
    acorn ??= (0, eval)(`(()=>{${text()};return companionAcorn})()`) as Acorn;
    try {
      return acorn.parse(code, {
        ecmaVersion: 'latest',
        sourceType: 'script',
        allowAwaitOutsideFunction: true,
        allowImportExportEverywhere: true,
        allowHashBang: true,
      }).body;
    } catch {
      return null; // the engine itself parses it next, and says what is wrong in its own words
    }
  };
}
