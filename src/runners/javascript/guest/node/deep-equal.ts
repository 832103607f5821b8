import { brandOf, unbox } from '../inspect/brands.ts';

/** Whether two values are the same throughout, as `util.isDeepStrictEqual` (or, loose, `assert.deepEqual`) means it. */
export function deepEqual(left: unknown, right: unknown, isStrict = true): boolean {
  return equal(left, right, isStrict, new Map());
}

function equal(left: unknown, right: unknown, isStrict: boolean, seen: Map<object, object>): boolean {
  if (Object.is(left, right)) return true;
  const areObjects = typeof left === 'object' && left !== null && typeof right === 'object' && right !== null;
  if (!areObjects) {
    // eslint-disable-next-line eqeqeq -- what assert.deepEqual means
    return !isStrict && (left == right || (Number.isNaN(left) && Number.isNaN(right)));
  }
  if (seen.get(left) === right) return true;
  seen.set(left, right);
  if (isStrict && Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  const brand = brandOf(left);
  if (brand !== brandOf(right) || !sameInside(brand, left, right, isStrict, seen)) return false;
  return sameProperties(left, right, isStrict, seen);
}

function sameInside(brand: string, left: object, right: object, isStrict: boolean, seen: Map<object, object>): boolean {
  const boxed = unbox(left);
  if (boxed) return Object.is(boxed.inner, unbox(right)?.inner);
  switch (brand) {
    case 'Date':
      return Object.is((left as Date).getTime(), (right as Date).getTime());
    case 'RegExp':
      return String(left) === String(right);
    case 'Error':
      return (left as Error).message === (right as Error).message && (left as Error).name === (right as Error).name;
    case 'Map':
      return sameMaps(left as Map<unknown, unknown>, right as Map<unknown, unknown>, isStrict, seen);
    case 'Set':
      return sameSets(left as Set<unknown>, right as Set<unknown>, isStrict, seen);
    case 'Promise':
    case 'WeakMap':
    case 'WeakSet':
      return false;
    case 'ArrayBuffer':
      return sameBytes(new Uint8Array(left as ArrayBuffer), new Uint8Array(right as ArrayBuffer));
    default:
      return !Array.isArray(left) || left.length === (right as unknown[]).length;
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function sameMaps(
  left: Map<unknown, unknown>,
  right: Map<unknown, unknown>,
  isStrict: boolean,
  seen: Map<object, object>,
): boolean {
  if (left.size !== right.size) return false;
  for (const [key, held] of left) {
    if (right.has(key) && equal(held, right.get(key), isStrict, seen)) continue;
    const other = [...right].some(
      ([name, value]) => equal(key, name, isStrict, seen) && equal(held, value, isStrict, seen),
    );
    if (!other) return false;
  }
  return true;
}

function sameSets(left: Set<unknown>, right: Set<unknown>, isStrict: boolean, seen: Map<object, object>): boolean {
  if (left.size !== right.size) return false;
  for (const member of left) {
    if (!right.has(member) && ![...right].some((other) => equal(member, other, isStrict, seen))) return false;
  }
  return true;
}

function sameProperties(left: object, right: object, isStrict: boolean, seen: Map<object, object>): boolean {
  const keys = Reflect.ownKeys(left).filter((key) => Object.prototype.propertyIsEnumerable.call(left, key));
  const count = Reflect.ownKeys(right).filter((key) => Object.prototype.propertyIsEnumerable.call(right, key)).length;
  if (keys.length !== count) return false;
  return keys.every(
    (key) =>
      Object.prototype.propertyIsEnumerable.call(right, key) &&
      equal((left as Record<PropertyKey, unknown>)[key], (right as Record<PropertyKey, unknown>)[key], isStrict, seen),
  );
}
