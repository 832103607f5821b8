import * as v from 'valibot';
import { startHost } from '../../src/host/index.ts';
import { settingsSchema } from '../../src/contracts/settings.ts';

// Chrome's host document. It has no storage of settings: they come with its address.
const choices = new URLSearchParams(location.search);
const start = v.safeParse(settingsSchema.entries.pythonStart, choices.get('start') ?? undefined);
const { signal } = new AbortController();

const host = startHost({
  kind: 'offscreen',
  document,
  pythonStart: () => (start.success ? start.output : 'auto'),
  signal,
});
if (choices.get('warm') === 'true') host.warm();
