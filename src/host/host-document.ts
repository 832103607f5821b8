import type { Settings } from '../contracts/settings.ts';
import { onHostChoices } from '../platform/index.ts';
import { settingsOf } from '../settings/index.ts';
import { startHost } from './start-host.ts';

/** Starts the host in a document of its own (Chrome), which closes itself once nobody needs it. */
export function startHostDocument({
  window,
  signal,
}: {
  readonly window: Window & { readonly document: Document };
  readonly signal: AbortSignal;
}): void {
  const address = new URLSearchParams(window.location.search);
  let settings = fromAddress(address.get('settings'));
  const firstFrame = window.document.querySelector('iframe') ?? undefined;
  if (!settings.isOn) firstFrame?.remove();
  const host = startHost({
    kind: 'offscreen',
    document: window.document,
    firstFrame: settings.isOn ? firstFrame : undefined,
    settings: () => settings,
    onIdle: () => window.close(),
    signal,
  });
  onHostChoices(
    (told) => {
      if (typeof told !== 'object' || told === null || !('settings' in told)) return;
      const before = settings;
      settings = settingsOf(told.settings);
      host.settingsChanged(before);
    },
    { signal },
  );
  if (settings.isOn) host.warm({ isForShell: address.get('first') === 'shell' });
}

function fromAddress(json: string | null): Settings {
  try {
    return settingsOf(JSON.parse(json ?? 'null'));
  } catch {
    return settingsOf(null); // not ours: the defaults, until we are told
  }
}
