import { defineBackground } from 'wxt/utils/define-background';
import { startHost } from '../src/host/index.ts';
import { launchHostOnDemand } from '../src/host-launcher/index.ts';
import { keepBackgroundAwake, onBackgroundRequest } from '../src/platform/index.ts';
import { openSettings } from '../src/settings/index.ts';

const { signal } = new AbortController();

/** Firefox: this event page is the host. Everything listens in its first turn, or the port that woke it would be lost. */
function hostHere(): void {
  const settings = openSettings({ signal });
  let pythonStart: 'auto' | 'science' | 'base' = 'auto';
  let sleep: (() => void) | null = null;
  const host = startHost({
    kind: 'background',
    document,
    pythonStart: () => pythonStart,
    onBusy: (isBusy) => {
      sleep?.();
      sleep = isBusy ? keepBackgroundAwake() : null;
    },
    signal,
  });
  onBackgroundRequest(async () => 'found', { signal });
  void settings.then((opened) => {
    pythonStart = opened.get().pythonStart;
    opened.onChange((changed) => (pythonStart = changed.pythonStart), { signal });
    if (opened.get().isOn) host.warm();
  });
}

/** Chrome: only has the host opened; may end at any moment. */
function launchElsewhere(): void {
  const hostPage = async () => {
    const once = new AbortController();
    const { isOn, pythonStart } = (await openSettings({ signal: once.signal })).get();
    once.abort();
    return `offscreen.html?${new URLSearchParams({ start: pythonStart, warm: String(isOn) }).toString()}`;
  };
  launchHostOnDemand({ hostPage, signal });
}

export default defineBackground({ type: 'module', main: import.meta.env.FIREFOX ? hostHere : launchElsewhere });
