/**
 * Cost of a message in units: 1, and 1 for every 4 KiB of text or binary found in its first 1024 values. The worker's shell
 * and the box page must count alike, so both use this source; it must not refer to anything outside.
 */
export function weigh(message: unknown): number {
  const queue: unknown[] = [message];
  let bytes = 0;
  for (let at = 0; at < queue.length && at < 1024; at++) {
    const value = queue[at];
    if (typeof value === 'string') bytes += value.length * 2;
    else if (typeof value === 'object' && value !== null) {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) bytes += value.byteLength;
      else if (Array.isArray(value)) queue.push(...value.slice(0, 1024));
      else if (value instanceof Map) for (const [key, held] of value) queue.push(key, held);
      else if (value instanceof Set) for (const held of value) queue.push(held);
      else for (const key in value) queue.push((value as Record<string, unknown>)[key]);
    }
  }
  return 1 + Math.floor(bytes / 4096);
}
