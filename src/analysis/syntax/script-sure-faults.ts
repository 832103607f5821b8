import jsTokens from 'js-tokens';
import { bracketFault, type SureFault } from './sure-fault.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** May stand right behind a value: words that the language reserves, and those that it or TypeScript knows in some places. */
const NOT_A_VALUE = words(
  'as assert asserts async await abstract accessor break case catch class const constructor continue debugger declare default defer delete do else enum export extends finally for from function get global if implements import in infer instanceof interface is keyof let module namespace new null of out override private protected public readonly require return satisfies set source static super switch this throw try type typeof unique using var void while with yield',
);
/** None of them ends a value or an entry of a list. */
const NEEDS_VALUE = words('= += -= == === != !== && || ?? <= >= %');
const ENDS = words(') ] ; ,');
/** Reserved in every script, so that what follows outside of brackets is a name or a pattern. */
const DECLARES = words('const var');
const ACCESS = words('. ?.');
const OPENERS = words('( [ {');
const CLOSERS = words(') ] }');

interface Placed {
  readonly type: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly isClosed: boolean;
  /** What stands before it on its line. */
  readonly follows: Placed | null;
  /** Behind a `@` of its line: a decorator stands right before what it decorates. */
  readonly isDecorated: boolean;
}

const BLANK = words('WhiteSpace MultiLineComment SingleLineComment LineTerminatorSequence');

function placed(code: string, hasJsx: boolean): Placed[] {
  const found: Placed[] = [];
  let from = 0;
  let follows: Placed | null = null;
  for (const token of jsTokens(code, { jsx: hasJsx })) {
    const to = from + token.value.length;
    const isClosed = !('closed' in token && !token.closed);
    if (token.type === 'LineTerminatorSequence' || (token.type === 'MultiLineComment' && /[\n\r]/u.test(token.value)))
      follows = null;
    if (!BLANK.has(token.type) || !isClosed) {
      const isDecorated: boolean = token.value === '@' || follows?.isDecorated === true;
      const made: Placed = { type: token.type, text: token.value, from, to, isClosed, follows, isDecorated };
      found.push(made);
      follows = made;
    }
    from = to;
  }
  return found;
}

const fault = (message: string, { from, to }: Placed): SureFault => ({ message, from, to });
const unexpected = (token: Placed): SureFault => fault(`“${token.text.slice(0, 20)}” is not expected here`, token);

const isValue = ({ type, text }: Placed): boolean =>
  type === 'NumericLiteral' || type === 'StringLiteral' || (type === 'IdentifierName' && !NOT_A_VALUE.has(text));

function faultAt(token: Placed): SureFault | null {
  const { follows, type } = token;
  if (!token.isClosed) return fault('This is never closed', token);
  if (follows === null) return null;
  // `3 px`, `"a" 4`, `total sum`: what touches is another matter, `1in x` is right.
  if (isValue(follows) && isValue(token) && follows.to < token.from && !token.isDecorated) return unexpected(token);
  const isPunctuator = type === 'Punctuator' && follows.type === 'Punctuator';
  return isPunctuator && NEEDS_VALUE.has(follows.text) && ENDS.has(token.text) ? unexpected(token) : null;
}

/** The signs that may be brackets; templates open and close fields of their own. */
const isSign = ({ type }: Placed): boolean => type === 'Punctuator' || type === 'JSXPunctuator';

/** A template of which a field or the end is missing. */
function openTemplate(tokens: readonly Placed[]): SureFault | null {
  const heads: Placed[] = [];
  for (const token of tokens) {
    if (token.type === 'TemplateHead') heads.push(token);
    if (token.type === 'TemplateTail') heads.pop();
  }
  const [first] = heads;
  return first === undefined ? null : fault('This is never closed', first);
}

/** How many brackets are open where each token stands; an opening one counts itself. */
function depthsOf(tokens: readonly Placed[]): number[] {
  let depth = 0;
  return tokens.map((token) => {
    if (isSign(token) && OPENERS.has(token.text)) depth += 1;
    if (isSign(token) && CLOSERS.has(token.text)) depth -= 1;
    return depth;
  });
}

const isNoName = ({ type, text }: Placed): boolean =>
  text === '=' || type === 'NumericLiteral' || type === 'StringLiteral';

/**
 * `const = 1`, `var 2 = x`: a declaration that names nothing. Outside of brackets alone, where the word cannot be a property's or a
 * field's name.
 */
function namelessDeclaration(tokens: readonly Placed[]): SureFault | null {
  const depths = depthsOf(tokens);
  const at = tokens.findIndex((token, index) => {
    if (!DECLARES.has(token.text) || depths[index] !== 0) return false;
    const next = tokens[index + 1];
    return next !== undefined && isNoName(next) && !ACCESS.has(tokens[index - 1]?.text ?? '');
  });
  const next = tokens[at + 1];
  return at === -1 || next === undefined ? null : unexpected(next);
}

function faultsOf(tokens: readonly Placed[]): SureFault[] {
  const found = [
    bracketFault(tokens.filter(isSign)),
    openTemplate(tokens),
    namelessDeclaration(tokens),
    ...tokens.map(faultAt),
  ].filter((each) => each !== null);
  return found.sort((a, b) => a.from - b.from);
}

/**
 * What no parser of JavaScript or TypeScript takes: brackets and texts without an end, values side by side. Silent about all that it
 * is not sure of: a `<` may begin an element or a type, so both ways of reading it must have a fault.
 */
export function scriptSureFaults(code: string): SureFault[] {
  const plain = faultsOf(placed(code, false));
  if (plain.length === 0) return [];
  const tokens = placed(code, true);
  const found = faultsOf(tokens);
  if (found.length === 0) return [];
  return tokens.some(({ type }) => type.startsWith('JSX')) ? found : plain;
}
