import type { Result } from '../../base/index.ts';
import type { AppError } from '../errors.ts';
import type { CaptureHealth } from '../capture.ts';
import type { Recording } from '../recording.ts';

/** What the content script of one tab knows; asked by the popup. */
export interface PageReport {
  /** Key of the variables and of `/mnt/data` of the conversation on screen. */
  readonly sessionId: string;
  /** Null on a page without a conversation id (new or temporary chat). */
  readonly conversationId: string | null;
  readonly health: CaptureHealth;
  readonly callsSeen: number;
  /** Which design of the page was found; null when none of the known ones was. */
  readonly design: string | null;
  /** Names of landmarks that should be on this page and are not, at this moment. */
  readonly missingLandmarks: readonly string[];
}

/** What a tab answers; `loading` as long as its document is parsed, for good where somebody stopped that. */
export type PageAnswer = PageReport | 'loading';

/** How the popup asks the tab in front. */
export interface PageDoor {
  /** `host/unavailable` where the tab in front is no page of the site, or was loaded before the extension. */
  report(): Promise<Result<PageAnswer, AppError>>;
  /** What the tab saw last, as it came: to be redacted before anybody sees it. Empty while the extension is switched off. */
  recording(): Promise<Result<Recording, AppError>>;
}
