/**
 * Cost of a message in units: 1, and 1 for every 4 KiB of text or binary found in its first 1024 values. The worker's shell
 * and the box page must count alike, so both use this source; it must not refer to anything outside.
 */
export function weigh(message: unknown): number {
  const queue: unknown[] = [message];
  const heldBy = (value: object): Iterable<unknown> => {
    if (value instanceof Map) return [...(value as Map<unknown, unknown>)].flat();
    return value instanceof Set || Array.isArray(value)
      ? (value as Iterable<unknown>)
      : Object.values(value as Record<string, unknown>);
  };
  let bytes = 0;
  for (let at = 0; at < queue.length && at < 1024; at++) {
    const value = queue[at];
    if (typeof value === 'string') bytes += value.length * 2;
    if (typeof value !== 'object' || value === null) continue;
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) bytes += value.byteLength;
    else for (const held of heldBy(value)) if (queue.push(held) > 1024) break;
  }
  return 1 + Math.floor(bytes / 4096);
}
