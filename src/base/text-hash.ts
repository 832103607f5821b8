/**
 * A number of 32 bits for a text, as a short word: equal texts have equal ones, others rarely do. For names that tell texts apart, not
 * against anybody who means harm. Source: FNV-1a (Fowler, Noll, Vo), over UTF-16 units.
 */
export function hashOfText(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return (hash >>> 0).toString(36);
}
