import * as v from 'valibot';
import { type Settings, settingsSchema } from '../contracts/settings.ts';
import { onHostChoices } from '../platform/index.ts';
import { startHost } from './start-host.ts';

const startSchema = settingsSchema.entries.pythonStart;
const toldSchema = v.object({ start: startSchema });

/** Starts the host in a document of its own (Chrome), which closes itself once nobody needs it. */
export function startHostDocument({
  window,
  signal,
}: {
  readonly window: Window & { readonly document: Document };
  readonly signal: AbortSignal;
}): void {
  const choices = new URLSearchParams(window.location.search);
  const chosen = v.safeParse(startSchema, choices.get('start') ?? undefined);
  let pythonStart: Settings['pythonStart'] = chosen.success ? chosen.output : 'auto';
  const host = startHost({
    kind: 'offscreen',
    document: window.document,
    pythonStart: () => pythonStart,
    onIdle: () => window.close(),
    signal,
  });
  onHostChoices(
    (raw) => {
      const told = v.safeParse(toldSchema, raw);
      if (!told.success || told.output.start === pythonStart) return;
      pythonStart = told.output.start;
      host.pythonStartChanged();
    },
    { signal },
  );
  if (choices.get('warm') === 'true') host.warm();
}
