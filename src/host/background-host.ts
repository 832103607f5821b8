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
  const opened = openSettings({ signal }).then((settings) => {
    pythonStart = settings.get().pythonStart;
    settings.onChange(
      (changed) => {
        if (changed.pythonStart === pythonStart) return;
        pythonStart = changed.pythonStart;
        host.pythonStartChanged();
      },
      { signal },
    );
    return settings;
  });
  const host = startHost({
    kind: 'background',
    document,
    pythonStart: () => pythonStart,
    // Not at each start: the browser wakes this page for other reasons too.
    onFirstUse: () => void opened.then((settings) => settings.get().isOn && host.warm()),
    onBusy: (isBusy) => {
      letSleep?.();
      letSleep = isBusy ? keepBackgroundAwake() : null;
    },
    signal,
  });
  onBackgroundRequest(async () => 'found', { signal });
}
