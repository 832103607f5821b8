const BEFORE = '{"v":"';
const AFTER = '"}';
// What a JSON text may not hold as it is.
const NOT_PLAIN = /["\\\u0000-\u001f]/;

/**
 * The text of a frame that is exactly `{"v":"…"}` without escapes, else null. Most frames of a stream are such;
 * not parsing them is what keeps decoding near the price of `JSON.parse`.
 */
export function readPlainText(json: string): string | null {
  if (!json.startsWith(BEFORE) || !json.endsWith(AFTER) || json.length < BEFORE.length + AFTER.length) return null;
  const text = json.slice(BEFORE.length, -AFTER.length);
  return NOT_PLAIN.test(text) ? null : text;
}
