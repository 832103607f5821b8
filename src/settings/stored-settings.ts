import * as v from 'valibot';
import { fail, ok } from '../base/index.ts';
import { type Settings, settingsSchema } from '../contracts/settings.ts';
import type { SettingsRules } from './settings-rules.ts';
import { valuesOf } from './stored-version.ts';

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

/** Rules by the schema. */
export const checkedRules: SettingsRules = {
  parse: parseStored,
  check(settings) {
    const parsed = v.safeParse(settingsSchema, settings);
    return parsed.success ? ok(parsed.output) : fail(v.getDotPath(parsed.issues[0]) ?? '');
  },
};
