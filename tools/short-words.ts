import { parseSync, Visitor } from 'vite';

/** Names that no minifier gives; the last one shortens them. */
const NOTHING = '__nothing';
const UNDEFINED = '__undefined';

interface Word {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * `null` and `void 0` stand a thousand times in the content scripts, and no minifier gives them a name: 3.3 kB. As
 * parameters they get one, and behave as before.
 */
export function nameConstants(code: string): string {
  const words: Word[] = [];
  const { program, errors } = parseSync('script.js', code);
  if (errors.length > 0 || code.includes(NOTHING) || code.includes(UNDEFINED))
    throw new Error('a content script cannot be read for its constants');
  new Visitor({
    Literal: ({ raw, start, end }) => void (raw === 'null' && words.push({ start, end, name: NOTHING })),
    UnaryExpression: ({ operator, argument, start, end }) =>
      void (
        operator === 'void' &&
        argument.type === 'Literal' &&
        argument.raw !== 'null' &&
        words.push({ start, end, name: UNDEFINED })
      ),
  }).visit(program);
  let text = '';
  let at = 0;
  for (const { start, end, name } of words.toSorted((one, other) => one.start - other.start)) {
    text += code.slice(at, start) + name;
    at = end;
  }
  return `((${NOTHING},${UNDEFINED})=>{${text}${code.slice(at)}\n})(null)`;
}

const DECLARED = /(?<=[{;])--([a-z][a-z-]*)(?=:)/g;
/** No variable has such a name any more; still, what is taken one from is none. */
const USED = /(?<![\w$)\]])--([a-z][a-z-]*)/g;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The properties that the style sheets of a script declare, with names of a letter or two; others have a meaning for the page. */
export function shortenProperties(code: string): string {
  const names = [...new Set([...code.matchAll(DECLARED)].map(([, name = '']) => name))];
  const short = new Map(names.map((name, at) => [name, nameOf(at)]));
  return code.replaceAll(USED, (whole, name: string) => {
    const found = short.get(name);
    return found === undefined ? whole : `--${found}`;
  });
}

const nameOf = (at: number): string =>
  (at < LETTERS.length ? '' : (LETTERS[Math.floor(at / LETTERS.length) - 1] ?? '')) + LETTERS[at % LETTERS.length];
