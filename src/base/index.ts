// Vocabulary-free helpers: result, assertNever, abort, bytes, clock and random as parameters.
export { onAbort } from './abort.ts';
export { fromBase64, joinBytes, toBase64, toHex } from './bytes.ts';
export { decodeSegment } from './decode-segment.ts';
export { groupDigits } from './group-digits.ts';
export { holdText } from './held-text.ts';
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
export { hashOfText } from './text-hash.ts';
