import type { Settings } from '../contracts/settings.ts';
import { keepBackgroundAwake, onBackgroundRequest } from '../platform/index.ts';
import { openSettings } from '../settings/index.ts';
import { startHost } from './start-host.ts';

/**
 * Starts the host in an event page (Firefox), kept awake only while something runs. Everything listens before this
 * returns: an event page loses the port that woke it to listeners that come later.
 */
export function startHostInBackground({ signal }: { readonly signal: AbortSignal }): void {
  let pythonStart: Settings['pythonStart'] = 'auto';
  let letSleep: (() => void) | null = null;
  const host = startHost({
    kind: 'background',
    document,
    pythonStart: () => pythonStart,
    onBusy: (isBusy) => {
      letSleep?.();
      letSleep = isBusy ? keepBackgroundAwake() : null;
    },
    signal,
  });
  onBackgroundRequest(async () => 'found', { signal });
  void openSettings({ signal }).then((settings) => {
    pythonStart = settings.get().pythonStart;
    settings.onChange((changed) => (pythonStart = changed.pythonStart), { signal });
    if (settings.get().isOn) host.warm();
  });
}
