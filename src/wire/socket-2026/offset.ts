/** An offset of a topic: `<ms>-<sequence>` or a plain number (rule W5). */
export interface TopicOffset {
  readonly first: bigint;
  readonly second: bigint;
}

// 30 digits hold any clock and any counter; longer ones are not an offset but an attack on the arithmetic.
const OFFSET = /^(\d{1,30})(?:-(\d{1,30}))?$/;

export function parseOffset(value: unknown): TopicOffset | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const match = OFFSET.exec(String(value));
  return match ? { first: BigInt(match[1] ?? 0), second: BigInt(match[2] ?? 0) } : null;
}

/** Negative when `a` comes first, zero when they are the same. */
export function compareOffsets(a: TopicOffset, b: TopicOffset): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  if (a.second === b.second) return 0;
  return a.second < b.second ? -1 : 1;
}
