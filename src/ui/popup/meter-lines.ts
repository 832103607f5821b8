/** One sample alone is a level, not a point that nobody sees. */
export function lineOf(shares: readonly number[]): readonly number[] {
  return shares.length === 1 ? [...shares, ...shares] : shares;
}

/** What came between two samples of a growing count, as a share of the most that did: there is no bound to measure it by. */
export function growthOf(counts: readonly number[]): readonly number[] {
  const each = counts.map((count, at) => count - (counts[at - 1] ?? count));
  const most = Math.max(1, ...each);
  return each.map((grown) => grown / most);
}
