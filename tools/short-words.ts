import { parseSync, Visitor } from 'vite';

/** Names that no minifier gives; the last one shortens them. */
const NOTHING = '__nothing';
const UNDEFINED = '__undefined';
const TEXT = '__text';

interface Place {
  readonly start: number;
  readonly end: number;
  /** `.name`, the point with it. */
  readonly isMember: boolean;
}

interface Word extends Omit<Place, 'isMember'> {
  readonly name: string;
}

/** What a name of two letters and its own declaration, `,ab=""`, cost. */
const NAME_LENGTH = 2;
const DECLARATION_LENGTH = NAME_LENGTH + 4;
/** Less than this is not worth one more thing to look up. */
const LEAST_SAVED = 10;
/** Shorter names of properties stay: `length` and `value` are read the most often. */
const LEAST_MEMBER_LENGTH = 9;

/**
 * `null` and `void 0` stand a thousand times in the content scripts, and a text such as `aria-label` dozens of times; no
 * minifier gives them a name: 5 kB. As parameters they get one, and behave as before. Texts only where asked: an engine
 * compares with one that stands in the code a little faster, which decoders would feel. A long name of a property is such a text.
 */
export function nameConstants(code: string, { withTexts }: { readonly withTexts: boolean }): string {
  const words: Word[] = [];
  const texts = new Map<string, Place[]>();
  const stays = new Set<number>();
  const { program, errors } = parseSync('script.js', code);
  if (errors.length > 0 || [NOTHING, UNDEFINED, TEXT].some((name) => code.includes(name)))
    throw new Error('a content script cannot be read for its constants');
  const foundText = (text: string, { start, end }: Omit<Place, 'isMember'>, isMember = false): void => {
    if (!withTexts) return;
    const places = texts.get(text) ?? [];
    places.push({ start, end, isMember });
    texts.set(text, places);
  };
  const keepKey = ({ computed, key }: { readonly computed: boolean; readonly key: { readonly start: number } }): void =>
    void (computed || stays.add(key.start));
  new Visitor({
    Literal: ({ raw, value, start, end }) => {
      if (raw === 'null') words.push({ start, end, name: NOTHING });
      else if (typeof value === 'string') foundText(value, { start, end });
    },
    TemplateLiteral: ({ quasis, start, end }) => {
      const text = quasis.length === 1 ? quasis[0]?.value.cooked : null;
      if (typeof text === 'string') foundText(text, { start, end });
    },
    MemberExpression: ({ computed, property }) => {
      const { start, end } = property;
      // a private name is none that a text could have
      if (computed || property.type !== 'Identifier' || property.name.length < LEAST_MEMBER_LENGTH) return;
      foundText(property.name, { start: code[start - 2] === '?' ? start : start - 1, end }, true);
    },
    UnaryExpression: ({ operator, argument, start, end }) =>
      void (
        operator === 'void' &&
        argument.type === 'Literal' &&
        argument.raw !== 'null' &&
        words.push({ start, end, name: UNDEFINED })
      ),
    Property: keepKey,
    MethodDefinition: keepKey,
    PropertyDefinition: keepKey,
    // These are no values: a directive has a meaning as it stands, a tag gets its text in parts.
    ExpressionStatement: ({ expression }) => void stays.add(expression.start),
    TaggedTemplateExpression: ({ quasi }) => void stays.add(quasi.start),
    // The engine has an instruction of its own for `typeof x === 'string'`.
    BinaryExpression: ({ left, right }) => {
      const isTypeof = [left, right].some((side) => side.type === 'UnaryExpression' && side.operator === 'typeof');
      if (isTypeof) for (const { start } of [left, right]) stays.add(start);
    },
  }).visit(program);
  const named: string[] = [];
  for (const [text, all] of texts) {
    const places = all.filter(({ start }) => !stays.has(start));
    const saved = places.reduce(
      (sum, { start, end, isMember }) => sum + end - start - NAME_LENGTH - (isMember ? 2 : 0),
      0,
    );
    if (saved - text.length - DECLARATION_LENGTH < LEAST_SAVED) continue;
    const name = `${TEXT}${named.length}`;
    // apart from a keyword, which a quotation mark may follow without a space
    words.push(...places.map(({ isMember, ...place }) => ({ ...place, name: isMember ? `[${name}]` : ` ${name} ` })));
    named.push(text);
  }
  let text = '';
  let at = 0;
  for (const { start, end, name } of words.toSorted((one, other) => one.start - other.start)) {
    text += code.slice(at, start) + name;
    at = end;
  }
  const names = [NOTHING, ...named.map((_, number) => `${TEXT}${number}`), UNDEFINED];
  const values = ['null', ...named.map((one) => JSON.stringify(one))];
  return `((${names.join()})=>{${text}${code.slice(at)}\n})(${values.join()})`;
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
