/** Undefined for a text that is no JSON. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Masked as a text that cannot be read.
    return undefined;
  }
}
