/** Raised when a stored value changes its meaning; `parseStored` then migrates from the older number. */
export const STORED_VERSION = 1;

/** One row for the whole: settings are few, and one write is atomic. */
export interface StoredSettings {
  readonly version: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The values of a stored row; none where it is no such row. */
export function valuesOf(stored: unknown): Readonly<Record<string, unknown>> {
  if (typeof stored !== 'object' || stored === null || !('values' in stored)) return {};
  const { values } = stored;
  return typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : {};
}
