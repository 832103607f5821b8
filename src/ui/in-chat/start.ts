import type { CaptureEvent } from '../../contracts/capture.ts';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import { shieldFromPage } from '../kit/index.ts';
import { type InChat, type InChatOptions, mountInChat } from './mount.ts';
import { watchDrops } from './private-files.ts';

export interface StartOptions extends Omit<InChatOptions, 'runs' | 'settings'> {
  /** Opening takes a moment; until then nothing starts, for the person may have switched everything off. */
  readonly opened: Promise<Pick<InChatOptions, 'runs' | 'settings'>>;
}

export interface StartedInChat {
  take(event: CaptureEvent): void;
  /** Null until the settings are there. */
  report(): PageReport | null;
}

/** Events that wait for the settings; they take some milliseconds, so this is far more than a page can say. */
const MOST_WAITING = 20_000;

/** Starts at document_start: what must stand before the page's own scripts at once, the rest when the settings are known. */
export function startInChat({ opened, ...options }: StartOptions): StartedInChat {
  let mounted: InChat | null = null;
  let waiting: CaptureEvent[] = [];
  const { defaultView: window } = options.document;
  if (window !== null) {
    watchDrops(window, (path) => mounted?.findDrop(path) ?? null, { signal: options.signal });
    shieldFromPage(window, { signal: options.signal });
  }
  void opened.then((doors) => {
    if (options.signal.aborted) return;
    mounted = mountInChat({ ...options, ...doors });
    for (const event of waiting) mounted.take(event);
    waiting = [];
  });
  return {
    take(event) {
      if (mounted !== null) mounted.take(event);
      else if (waiting.length < MOST_WAITING) waiting.push(event);
    },
    report: () => mounted?.report() ?? null,
  };
}
