import { z } from 'zod';
import type { AnalysisOptions } from '../contracts/analysis.ts';
import { fail, ok, type Result } from '../base/index.ts';
import type { AppError } from '../contracts/errors.ts';

/** A person's rules: so many, and so much text in each. */
const RULES = 200;
const ITEMS = 50;
const TEXT = 300;

const text = z.string().min(1).max(TEXT);
const list = z.array(z.string().min(1).max(100)).min(1).max(ITEMS);
const optionalList = list.optional();

const argumentsSchema = z.strictObject({
  index: z.union([z.number().int().min(0).max(11), z.literal('any')]),
  is: z.enum(['literal', 'computed', 'text', 'pieced']).optional(),
  keyword: z.strictObject({ name: text, value: text }).optional(),
  startsWith: optionalList,
  equals: optionalList,
  contains: optionalList,
  unless: optionalList,
});

const matchSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), names: list, arguments: argumentsSchema.optional() }),
  z.strictObject({ kind: z.literal('import'), modules: list }),
  z.strictObject({ kind: z.literal('name'), names: list, isAssigned: z.boolean().optional() }),
  z.strictObject({
    kind: z.literal('command'),
    names: list,
    flags: optionalList,
    words: optionalList,
    wordPrefixes: optionalList,
    wordIs: z.literal('computed').optional(),
  }),
  z.strictObject({ kind: z.literal('pipe'), from: list, into: list }),
  z.strictObject({
    kind: z.literal('path'),
    prefixes: optionalList,
    equals: optionalList,
    contains: optionalList,
    access: z.enum(['read', 'write']).optional(),
  }),
  z.strictObject({
    kind: z.literal('fact'),
    fact: z.enum([
      'endless-loop',
      'star-import',
      'self-spawning',
      'huge-allocation',
      'runs-downloaded-code',
      'network-use',
      'secret-and-network',
      'partial',
    ]),
  }),
]);

const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/u),
  languages: z.array(z.enum(['python', 'javascript', 'typescript', 'lua', 'shell'])).min(1),
  match: matchSchema,
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  points: z.number().int().min(0).max(100).optional(),
  category: z
    .enum([
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
    ])
    .default('own'),
  title: text,
  why: text,
  suggestion: text,
});

const optionsSchema = z
  .strictObject({
    ownRules: z.array(ruleSchema).max(RULES).default([]),
    rulesOff: z.array(z.string().max(60)).max(RULES).default([]),
    mediumFrom: z.number().int().min(1).max(98).default(30),
    highFrom: z.number().int().min(2).max(99).default(70),
    complexFrom: z.number().int().min(5).max(1_000).default(40),
  })
  .refine(({ mediumFrom, highFrom }) => mediumFrom < highFrom, { message: 'highFrom must be above mediumFrom' })
  .refine(({ ownRules }) => new Set(ownRules.map(({ id }) => id)).size === ownRules.length, {
    message: 'two rules have the same id',
  });

export const STANDARD_OPTIONS: AnalysisOptions = {
  ownRules: [],
  rulesOff: [],
  mediumFrom: 30,
  highFrom: 70,
  complexFrom: 40,
};

/** Reads options that a person wrote or a file holds; a missing field has its default. `settings/bad-value` else. */
export function parseAnalysisOptions(value: unknown): Result<AnalysisOptions, AppError> {
  const parsed = optionsSchema.safeParse(value);
  if (parsed.success) return ok(withoutUndefined(parsed.data) as AnalysisOptions);
  const [issue] = parsed.error.issues;
  return fail({
    code: 'settings/bad-value',
    detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300),
  });
}

/** What zod leaves as `undefined` is left out, as the types of the contracts have it. */
function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
