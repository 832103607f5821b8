import { inspect } from '../inspect/index.ts';
import { deepEqual } from './deep-equal.ts';

interface Detail {
  readonly message?: string;
  readonly actual?: unknown;
  readonly expected?: unknown;
  readonly operator?: string;
}

/** What every failed assertion throws. Its stack begins as Node's does, with the code behind the name. */
export class AssertionError extends Error {
  readonly generatedMessage: boolean;
  readonly code = 'ERR_ASSERTION';
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string | undefined;
  readonly diff = 'simple';
  constructor({ message, actual, expected, operator }: Detail, isGenerated = message === undefined) {
    super(message ?? `${inspect(actual)} ${operator ?? ''} ${inspect(expected)}`);
    const stack = (this.stack ?? '').replace(/^Error/u, 'AssertionError [ERR_ASSERTION]');
    const hidden = { configurable: true, writable: true, enumerable: false };
    Object.defineProperties(this, { stack: { value: stack, ...hidden }, name: { value: 'AssertionError', ...hidden } });
    this.generatedMessage = isGenerated;
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
  }
  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

function fail(given: unknown, standard: string, detail: Detail): never {
  if (given instanceof Error) throw given;
  const isGenerated = given === undefined;
  throw new AssertionError({ ...detail, message: isGenerated ? standard : String(given) }, isGenerated);
}

function looselyEqual(left: unknown, right: unknown): boolean {
  // eslint-disable-next-line eqeqeq -- what assert.equal means
  return left == right || (Number.isNaN(left) && Number.isNaN(right));
}

type Compare = (actual: unknown, expected: unknown) => boolean;
const comparison =
  (operator: string, isRight: Compare, sentence: (actual: string, expected: string) => string) =>
  (actual: unknown, expected: unknown, message?: unknown): void => {
    if (isRight(actual, expected)) return;
    fail(message, sentence(inspect(actual), inspect(expected)), { actual, expected, operator });
  };

function ok(value?: unknown, message?: unknown): void {
  if (value) return;
  const standard = 'The expression evaluated to a falsy value';
  fail(message, standard, { actual: value, expected: true, operator: '==' });
}

function matches(error: unknown, expected: unknown): boolean {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function') {
    const isClass = (expected as { prototype?: unknown }).prototype !== undefined && error instanceof expected;
    return isClass || Object.prototype.isPrototypeOf.call(Error, expected)
      ? isClass
      : Reflect.apply(expected as never, undefined, [error]) === true;
  }
  return Object.entries(expected as object).every(([key, value]) => {
    const held = (error as Record<string, unknown>)[key];
    return value instanceof RegExp && typeof held === 'string' ? value.test(held) : deepEqual(held, value);
  });
}

function judge(error: unknown, expected: unknown): void {
  if (typeof expected === 'string' || matches(error, expected)) return;
  throw error as Error;
}

function throws(work: () => unknown, expected?: unknown, message?: unknown): void {
  let caught: { readonly error: unknown } | null = null;
  try {
    work();
  } catch (error) {
    caught = { error };
  }
  if (!caught) return fail(message, 'Missing expected exception.', { operator: 'throws' });
  judge(caught.error, expected);
}

async function rejects(
  work: Promise<unknown> | (() => Promise<unknown>),
  expected?: unknown,
  message?: unknown,
): Promise<void> {
  let caught: { readonly error: unknown } | null = null;
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    caught = { error };
  }
  if (!caught) return fail(message, 'Missing expected rejection.', { operator: 'rejects' });
  judge(caught.error, expected);
}

function doesNotThrow(work: () => unknown, message?: unknown): void {
  try {
    work();
  } catch (error) {
    const why = error instanceof Error ? error.message : inspect(error);
    fail(message, `Got unwanted exception.\nActual message: "${why}"`, { actual: error, operator: 'doesNotThrow' });
  }
}

/** `node:assert`. */
export function createAssert(): object {
  const strict = {
    equal: comparison('strictEqual', Object.is, (a, b) => `Expected values to be strictly equal:\n\n${a} !== ${b}\n`),
    notEqual: comparison(
      'notStrictEqual',
      (a, b) => !Object.is(a, b),
      (a) => `Expected "actual" to be strictly unequal to: ${a}`,
    ),
    deepEqual: comparison(
      'deepStrictEqual',
      (a, b) => deepEqual(a, b),
      (a, b) => `Expected values to be strictly deep-equal:\n+ actual - expected\n\n+ ${a}\n- ${b}\n`,
    ),
    notDeepEqual: comparison(
      'notDeepStrictEqual',
      (a, b) => !deepEqual(a, b),
      (a) => `Expected "actual" not to be strictly deep-equal to: ${a}`,
    ),
  };
  const loose = {
    equal: comparison('==', looselyEqual, (a, b) => `${a} == ${b}`),
    notEqual: comparison(
      '!=',
      (a, b) => !looselyEqual(a, b),
      (a, b) => `${a} != ${b}`,
    ),
    deepEqual: comparison(
      'deepEqual',
      (a, b) => deepEqual(a, b, false),
      (a, b) => `Expected values to be loosely deep-equal:\n\n${a}\n\nshould loosely deep-equal\n\n${b}`,
    ),
    notDeepEqual: comparison(
      'notDeepEqual',
      (a, b) => !deepEqual(a, b, false),
      (a) => `Expected "actual" not to be loosely deep-equal to: ${a}`,
    ),
  };
  const shared = {
    ok,
    strictEqual: strict.equal,
    notStrictEqual: strict.notEqual,
    deepStrictEqual: strict.deepEqual,
    notDeepStrictEqual: strict.notDeepEqual,
    throws,
    rejects,
    doesNotThrow,
    fail: (message: unknown = 'Failed') => fail(message, 'Failed', { operator: 'fail' }),
    ifError: (value: unknown) => {
      if (value !== null && value !== undefined) throw value as Error;
    },
    match: (text: string, pattern: RegExp, message?: unknown) => {
      if (!pattern.test(text)) {
        fail(
          message,
          `The input did not match the regular expression ${String(pattern)}. Input:\n\n${inspect(text)}\n`,
          { actual: text, expected: pattern, operator: 'match' },
        );
      }
    },
    doesNotMatch: (text: string, pattern: RegExp, message?: unknown) => {
      if (pattern.test(text)) {
        fail(
          message,
          `The input was expected to not match the regular expression ${String(pattern)}. Input:\n\n${inspect(text)}\n`,
          { actual: text, expected: pattern, operator: 'doesNotMatch' },
        );
      }
    },
    AssertionError,
  };
  const assert = Object.assign((value?: unknown, message?: unknown) => ok(value, message), shared, loose);
  const strictAssert = Object.assign((value?: unknown, message?: unknown) => ok(value, message), shared, strict);
  return Object.assign(assert, { strict: Object.assign(strictAssert, { strict: strictAssert }) });
}
