// Vocabulary-free helpers: result, assertNever, abort, bytes, clock and random as parameters.
export { fromBase64, toBase64 } from './bytes.ts';
export { assertNever, invariant } from './invariant.ts';
export { type Brand } from './brand.ts';
export { fail, ok, type Result } from './result.ts';
