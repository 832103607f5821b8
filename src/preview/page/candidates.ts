import { parseSrcset, stringifySrcset } from 'srcset';

/** A `srcset` with its files in their places, without those that there are not; null where nothing is to be put. */
export async function placeCandidates(
  srcset: string,
  place: (address: string) => Promise<string | null>,
): Promise<string | null> {
  const named = parseSrcset(srcset);
  const places = await Promise.all(
    named.map(({ url }) => (/^(?:data|blob):/i.test(url) ? Promise.resolve(url) : place(url))),
  );
  if (named.every(({ url }, at) => url === places[at])) return null;
  const found = named.flatMap((each, at) => {
    const url = places[at];
    return url == null ? [] : [{ ...each, url }];
  });
  return stringifySrcset(found);
}
