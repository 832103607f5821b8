import type { Settings } from '../contracts/settings.ts';
import { keepBackgroundAwake, onBackgroundRequest, serveHitStyle } from '../platform/index.ts';
import { checkedRules, openSettings, settingsOf } from '../settings/index.ts';
import { startHost } from './start-host.ts';

/**
 * Starts the host in an event page (Firefox), kept awake only while something runs. Everything listens before this
 * returns: an event page loses the port that woke it to listeners that come later.
 */
export function startHostInBackground({ signal }: { readonly signal: AbortSignal }): void {
  let settings: Settings = settingsOf(null);
  let letSleep: (() => void) | null = null;
  let isForShell = false;
  const opened = openSettings({ signal, rules: checkedRules }).then((door) => {
    const take = (changed: Settings) => {
      const before = settings;
      settings = changed;
      host.settingsChanged(before);
    };
    take(door.get());
    door.onChange(take, { signal });
    return door;
  });
  const host = startHost({
    kind: 'background',
    document,
    settings: () => settings,
    // Not at each start: the browser wakes this page for other reasons too.
    onFirstUse: () => void opened.then((door) => door.get().isOn && host.warm({ isForShell })),
    onBusy: (isBusy) => {
      letSleep?.();
      letSleep = isBusy ? keepBackgroundAwake() : null;
    },
    signal,
  });
  // By whoever needs a host, before it connects.
  onBackgroundRequest(
    async (request) => {
      isForShell = request === 'ensure-host-for-shell';
      return 'found';
    },
    { signal },
  );
  serveHitStyle({ signal });
}
