export const DESIGNS = ['app', 'legacy'] as const;
type Design = (typeof DESIGNS)[number];

/** Whether everything is tried in every design and as often as it ever is: `npm run test:whole` (decision 0165). */
export const isWhole = process.env['COMPANION_TESTS'] === 'whole';

/** Both designs of the site in the whole run; else the one in which a file's tests are run every day. */
export function designs(everyDay: Design, whole = isWhole): readonly Design[] {
  return whole ? DESIGNS : [everyDay];
}

/** How often something is repeated: in the whole run, and every day. */
export function times(ofWhole: number, everyDay: number, whole = isWhole): number {
  return whole ? ofWhole : everyDay;
}

/**
 * Each of `first` with each of `second` in the whole run. Else each of the longer list once, with those of the other by turns, so
 * that every one of both is there.
 */
export function crossed<A, B>(
  first: readonly A[],
  second: readonly B[],
  whole = isWhole,
): readonly (readonly [A, B])[] {
  const turns = Math.min(first.length, second.length);
  return first.flatMap((a, i) => second.flatMap((b, j) => (whole || i % turns === j % turns ? [[a, b] as const] : [])));
}

/** What of `items` a row tries: with all rows and the same items, every pair of `crossed`. */
export function turnOf<A, B>(rows: readonly A[], row: A, items: readonly B[], whole = isWhole): readonly B[] {
  return crossed(rows, items, whole).flatMap(([one, item]) => (one === row ? [item] : []));
}
