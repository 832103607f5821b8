export type JsonObject = Record<string, unknown>;

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function owns(object: object, key: string): boolean {
  return Object.hasOwn(object, key);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** An id that names something; empty ones do not. */
export function idOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN.has(key);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** True when a key that could reach a prototype stands anywhere in the value, or it nests deeper than `deepest`. */
export function hasForbiddenKey(value: unknown, deepest: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (deepest < 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (hasForbiddenKey(item, deepest - 1)) return true;
    return false;
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN.has(key) || hasForbiddenKey((value as JsonObject)[key], deepest - 1)) return true;
  }
  return false;
}
