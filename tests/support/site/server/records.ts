/** One request as it arrived. */
export interface RequestRecord {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly search: string;
  readonly body: string;
  /** The page's own, or one of the stand-in's helpers (reports, assets). */
  readonly kind: 'site' | 'asset' | 'report' | 'foreign';
}

/** A message that the page sent for the person. */
export interface SentMessage {
  readonly conversationId: string;
  readonly messageId: string;
  readonly text: string;
  readonly attachments: readonly string[];
}

/** What the page itself noticed. */
export interface PageReport {
  readonly kind:
    | 'untrusted-send'
    | 'untrusted-click'
    | 'looks-patched'
    | 'inserted-while-typing'
    | 'drop-seen'
    | 'file-chosen'
    | 'stream'
    | 'page-error';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Bytes of one streamed answer, as written. */
export interface StreamRecord {
  readonly path: string;
  readonly streamId: string;
  readonly bytes: Buffer;
}

/** Everything the site saw, in order. */
export class Records {
  readonly requests: RequestRecord[] = [];
  readonly sent: SentMessage[] = [];
  readonly responses: Record<string, unknown>[] = [];
  readonly violations: Record<string, unknown>[] = [];
  readonly reports: PageReport[] = [];
  readonly streams: StreamRecord[] = [];
  readonly socketFrames: string[] = [];
  readonly #waiting = new Set<() => void>();

  changed(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Resolves once `isThere` answers something; looks again after each record. */
  async until<T>(isThere: () => T | undefined | false | null, timeoutMs = 60_000): Promise<T> {
    const now = isThere();
    if (now !== undefined && now !== false && now !== null) return now;
    return await new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`the stand-in saw nothing of the kind within ${String(timeoutMs)} ms: ${isThere.toString()}`));
      }, timeoutMs);
      const look = (): void => {
        const found = isThere();
        if (found === undefined || found === false || found === null) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
    });
  }
}
