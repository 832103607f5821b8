import { render } from 'preact';
import { onAbort } from '../../base/index.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { askForFailures, dressOwnPage } from '../kit/index.ts';
import { FolderCopy, type FolderDoors } from './folder-copy.ts';
import { FolderPage } from './folder-page.tsx';
import { pickWays } from './picked-folder.ts';
import { FOLDER_STYLES } from './styles.ts';
import { FOLDER_TEXTS } from './texts.ts';

export interface FolderOptions {
  readonly doors: FolderDoors;
  /** The conversation that the files go to; null where the page was opened without one. */
  readonly sessionId: SessionId | null;
  /** Ends what is drawn and what is being copied. */
  readonly signal: AbortSignal;
}

/** Draws the page that copies a folder into `place` until the signal aborts. */
export function mountFolder(place: HTMLElement, { doors, sessionId, signal }: FolderOptions): void {
  // Most folders show no failure: the words are not a part of the first load.
  askForFailures(async () => (await import('../../contracts/failures.ts')).FAILURES);
  dressOwnPage(place.ownerDocument, FOLDER_STYLES, signal);
  onAbort(signal, () => render(null, place));
  if (sessionId === null) {
    render(<p class="said">{FOLDER_TEXTS.noConversation}</p>, place);
    return;
  }
  const copy = new FolderCopy(doors, sessionId);
  onAbort(signal, () => copy.cancel());
  // The browser asks before a tab is closed that still copies.
  const ask = (event: Event) => {
    if (copy.isWorking) event.preventDefault();
  };
  window.addEventListener('beforeunload', ask, { signal });
  void copy.recall();
  render(<FolderPage copy={copy} ways={pickWays()} />, place);
}
