// Helpers that know nothing of the product: result, assertNever, abort, bytes, printed text that waits, clock and random as parameters.
export { onAbort } from './abort.ts';
export { fromBase64, joinBytes, toBase64 } from './bytes.ts';
export { groupDigits } from './group-digits.ts';
export { assertNever, invariant } from './invariant.ts';
export { type Brand } from './brand.ts';
export { type PausableTimer, startPausableTimer } from './pausable-timer.ts';
export { fail, ok, type Result } from './result.ts';
export {
  apply,
  construct,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  mapDelete,
  mapGet,
  mapSet,
  ownMember,
  parseJson,
  savedGetter,
  unbind,
} from './saved-natives.ts';
export { type HeldOutput, holdOutput, type OutputPiece, type StreamName } from './held-output.ts';
