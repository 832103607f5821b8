/** A segment of an address in plain characters. With a malformed escape it stays as it stands, which names the same thing just as well. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
