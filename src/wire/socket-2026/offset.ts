/** An offset of a topic: `<ms>-<sequence>` or a plain number (rule W5); digits without leading zeros. */
export interface TopicOffset {
  readonly first: string;
  readonly second: string;
}

// 30 digits hold any clock and any counter; longer ones are not an offset but an attack on the arithmetic.
const OFFSET = /^(\d{1,30})(?:-(\d{1,30}))?$/;
const LEADING_ZEROS = /^0+(?=\d)/;

export function parseOffset(value: unknown): TopicOffset | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const match = OFFSET.exec(String(value));
  return match ? { first: digits(match[1]), second: digits(match[2]) } : null;
}

function digits(text = '0'): string {
  return text.startsWith('0') ? text.replace(LEADING_ZEROS, '') : text;
}

/** Negative when `a` comes first, zero when they are the same. */
export function compareOffsets(a: TopicOffset, b: TopicOffset): number {
  return compareDigits(a.first, b.first) || compareDigits(a.second, b.second);
}

/** Numbers of any length, without arithmetic: the longer one is the larger one. */
function compareDigits(a: string, b: string): number {
  if (a === b) return 0;
  return a.length === b.length ? (a < b ? -1 : 1) : a.length - b.length;
}
