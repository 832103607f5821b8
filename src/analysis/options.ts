import * as v from 'valibot';
import type { AnalysisOptions } from '../contracts/analysis.ts';
import { fail, ok, type Result } from '../base/index.ts';
import type { AppError } from '../contracts/errors.ts';

/** A person's rules: so many, and so much text in each. */
const RULES = 200;
const ITEMS = 50;
const TEXT = 300;
const WORD = 100;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(TEXT));
const list = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(WORD))), v.minLength(1), v.maxLength(ITEMS));
const optionalList = v.exactOptional(list);
const whole = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const argumentsSchema = v.strictObject({
  index: v.union([whole(0, 11), v.literal('any')]),
  is: v.exactOptional(v.picklist(['literal', 'computed', 'text', 'pieced'])),
  keyword: v.exactOptional(v.strictObject({ name: text, value: text })),
  startsWith: optionalList,
  equals: optionalList,
  contains: optionalList,
  unless: optionalList,
  holds: optionalList,
});

const matchSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('call'), names: list, arguments: v.exactOptional(argumentsSchema) }),
  v.strictObject({ kind: v.literal('import'), modules: list }),
  v.strictObject({ kind: v.literal('name'), names: list, isAssigned: v.exactOptional(v.boolean()) }),
  v.strictObject({
    kind: v.literal('command'),
    names: list,
    flags: optionalList,
    words: optionalList,
    wordPrefixes: optionalList,
    wordIs: v.exactOptional(v.literal('computed')),
  }),
  v.strictObject({ kind: v.literal('pipe'), from: list, into: list }),
  v.strictObject({
    kind: v.literal('path'),
    prefixes: optionalList,
    equals: optionalList,
    contains: optionalList,
    access: v.exactOptional(v.picklist(['read', 'write'])),
  }),
  v.strictObject({
    kind: v.literal('fact'),
    fact: v.picklist([
      'endless-loop',
      'star-import',
      'self-spawning',
      'huge-allocation',
      'runs-downloaded-code',
      'network-use',
      'secret-and-network',
      'system-and-deletion',
      'deletes-in-loop',
      'loses-rows',
      'overwrites-input',
      'hidden-text',
      'look-alike',
      'partial',
    ]),
  }),
]);

const CATEGORIES = [
  'code-from-text',
  'processes',
  'network',
  'files',
  'secrets',
  'destruction',
  'endless',
  'resources',
  'page',
  'native',
  'style',
  'own',
] as const;

const ruleSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,59}$/u)),
  languages: v.pipe(
    v.array(v.picklist(['python', 'javascript', 'typescript', 'lua', 'shell'])),
    v.minLength(1),
    v.maxLength(5),
  ),
  match: matchSchema,
  severity: v.picklist(['low', 'medium', 'high', 'critical']),
  points: v.exactOptional(whole(0, 100)),
  category: v.optional(v.picklist(CATEGORIES), 'own'),
  title: text,
  why: text,
  suggestion: text,
});

const optionsSchema = v.pipe(
  v.strictObject({
    ownRules: v.optional(v.pipe(v.array(ruleSchema), v.maxLength(RULES)), []),
    rulesOff: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(60))), v.maxLength(RULES)), []),
    mediumFrom: v.optional(whole(1, 98), 30),
    highFrom: v.optional(whole(2, 99), 70),
    complexFrom: v.optional(whole(5, 1_000), 40),
  }),
  v.check(({ mediumFrom, highFrom }) => mediumFrom < highFrom, 'highFrom must be above mediumFrom'),
  v.check(
    ({ ownRules }) => new Set(ownRules.map(({ id }) => id)).size === ownRules.length,
    'two rules have the same id',
  ),
);

export const STANDARD_OPTIONS: AnalysisOptions = {
  ownRules: [],
  rulesOff: [],
  mediumFrom: 30,
  highFrom: 70,
  complexFrom: 40,
};

/** Reads options that a person wrote or a file holds; a missing field has its default. `settings/bad-value` else. */
export function parseAnalysisOptions(value: unknown): Result<AnalysisOptions, AppError> {
  const parsed = v.safeParse(optionsSchema, value);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  return fail({ code: 'settings/bad-value', detail: `${v.getDotPath(issue) ?? ''}: ${issue.message}`.slice(0, 300) });
}
