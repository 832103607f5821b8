const BARE = '{"v":"';
const AFTER = '"}';
// What a JSON text may not hold as it is.
const NOT_PLAIN = /["\\\u0000-\u001f]/;

/** How a frame begins that says itself where its text goes. */
export function placedStart(path: string): string {
  return `{"p":${JSON.stringify(path)},"o":"append","v":"`;
}

/**
 * The text of a frame that is exactly `{"v":"…"}`, or `start` and then the same, without escapes; else null. Most frames
 * of a stream are such; not parsing them is what keeps decoding near the price of `JSON.parse`.
 */
export function readPlainText(json: string, start: string): string | null {
  const before = json.startsWith(BARE) ? BARE : start;
  if (!json.startsWith(before) || !json.endsWith(AFTER) || json.length < before.length + AFTER.length) return null;
  const text = json.slice(before.length, -AFTER.length);
  return NOT_PLAIN.test(text) ? null : text;
}
