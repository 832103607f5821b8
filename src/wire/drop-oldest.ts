/** Removes what went in first. */
export function dropOldest<K>(kept: { keys(): Iterator<K>; delete(key: K): unknown }): void {
  const oldest = kept.keys().next();
  if (!oldest.done) kept.delete(oldest.value);
}
