import { LIMITS } from '../contracts/limits.ts';
import type { SessionId } from '../contracts/ids.ts';

interface Tab {
  /** Open to this host; a page that is reloaded opens its own before the last one's is gone. */
  ports: number;
  /** What it spoke of last. */
  shows: SessionId | null;
}

/** Which conversations the site's tabs show; tells of one that no tab has shown for a while. */
export class ShownSessions {
  readonly #onUnseen: (sessionId: SessionId) => void;
  readonly #unseenMs: number;
  readonly #tabs = new Map<string, Tab>();
  /** Of those that no tab shows: what tells it. */
  readonly #timers = new Map<SessionId, ReturnType<typeof setTimeout>>();

  constructor(onUnseen: (sessionId: SessionId) => void, unseenMs: number = LIMITS.unseenMs.standard) {
    this.#onUnseen = onUnseen;
    this.#unseenMs = unseenMs;
  }

  /** A page of this tab is connected until `ended`. */
  connected(key: string): { readonly ended: () => void } {
    const tab = this.#tabs.get(key) ?? { ports: 0, shows: null };
    tab.ports += 1;
    this.#tabs.set(key, tab);
    let isOpen = true;
    return {
      ended: () => {
        if (!isOpen) return;
        isOpen = false;
        tab.ports -= 1;
        if (tab.ports > 0) return;
        this.#tabs.delete(key);
        this.#left(tab.shows);
      },
    };
  }

  /** The tab speaks of this conversation: the one before is shown there no more. */
  named(key: string, sessionId: SessionId): void {
    const tab = this.#tabs.get(key);
    if (tab === undefined || tab.shows === sessionId) return;
    const before = tab.shows;
    tab.shows = sessionId;
    this.#callOff(sessionId);
    this.#left(before);
  }

  #left(sessionId: SessionId | null): void {
    if (sessionId === null || this.#isShown(sessionId)) return;
    const tell = (): void => {
      this.#timers.delete(sessionId);
      this.#onUnseen(sessionId);
    };
    this.#timers.set(sessionId, setTimeout(tell, this.#unseenMs));
  }

  #callOff(sessionId: SessionId): void {
    clearTimeout(this.#timers.get(sessionId));
    this.#timers.delete(sessionId);
  }

  #isShown(sessionId: SessionId): boolean {
    return [...this.#tabs.values()].some(({ shows }) => shows === sessionId);
  }
}
