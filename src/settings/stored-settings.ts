import * as v from 'valibot';
import { type Settings, settingsSchema } from '../contracts/settings.ts';

/** Raised when a stored value changes its meaning; `parseStored` then migrates from the older number. */
export const STORED_VERSION = 1;

/** One row for the whole: settings are few, and one write is atomic. */
export interface StoredSettings {
  readonly version: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const FIELDS = Object.entries(settingsSchema.entries);

/** Settings that came over a channel rather than out of the storage. */
export const settingsOf = (values: unknown): Settings => parseStored({ values });

/** Each bad, missing or unknown value falls back to its default alone; the others stay. */
export function parseStored(stored: unknown): Settings {
  const values = valuesOf(stored);
  const picked = FIELDS.flatMap(([name, field]) => {
    const parsed = v.safeParse(field, values[name]);
    return parsed.success ? [[name, parsed.output] as const] : [];
  });
  return v.parse(settingsSchema, Object.fromEntries(picked));
}

function valuesOf(stored: unknown): Readonly<Record<string, unknown>> {
  if (typeof stored !== 'object' || stored === null || !('values' in stored)) return {};
  const { values } = stored;
  return typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : {};
}
