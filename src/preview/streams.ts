import type { PreviewsDoor } from '../contracts/doors/previews.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import {
  closedFor,
  CONNECTIONS_FULL,
  type PreviewRequest,
  type ResponseHead,
  type StreamEvent,
} from '../contracts/preview.ts';
import type { PreviewFrame } from './frame.ts';
import type { Kept } from './kept.ts';
import type { FromPreview } from './messages.ts';
import type { Places } from './places.ts';
import { afterRedirect, MOST_REDIRECTS, TOO_MANY, withoutCookies } from './redirects.ts';

export interface StreamsOptions {
  readonly door: Pick<PreviewsDoor, 'openStream'>;
  readonly sessionId: SessionId;
  readonly port: number;
  readonly origin: string;
  readonly kept: Kept;
  /** An answer may have changed them: its page is told before it has the answer. */
  readonly onCookies: (frame: PreviewFrame) => Promise<void>;
  readonly places: Places;
  readonly signal: AbortSignal;
}

type Closed = Extract<StreamEvent, { kind: 'closed' }>;

/** The answers of one page's server that are passed on as they come. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #open = new Map<number, AbortController>();

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  /** False for a message that is not about a stream. */
  take(message: FromPreview, frame: PreviewFrame): boolean {
    if (message.op === 'stream-open') this.#begin(message.id, message.request, frame);
    else if (message.op === 'stream-close') this.#end(message.id);
    else return false;
    return true;
  }

  #begin(id: number, request: PreviewRequest, frame: PreviewFrame): void {
    if (this.#open.has(id)) return;
    if (this.#open.size >= LIMITS.previewSockets.standard) return this.#close(id, closedFor(CONNECTIONS_FULL), frame);
    this.#open.set(id, new AbortController());
    void this.#ask(id, request, frame, 0);
  }

  #close(id: number, event: Closed, frame: PreviewFrame): void {
    this.#open.delete(id);
    frame.send({ op: 'stream', id, event });
    this.#options.places.take(event);
  }

  /** The page takes no more of it. */
  #end(id: number): void {
    this.#open.get(id)?.abort();
    if (this.#open.delete(id)) this.#options.places.left();
  }

  /** One request and, where its answer leads on, the next. */
  async #ask(id: number, request: PreviewRequest, frame: PreviewFrame, redirects: number): Promise<void> {
    const { door, sessionId, port, origin, kept, places, onCookies, signal } = this.#options;
    const headers = await kept.cookies.sentWith(request.headers, request.path);
    const closing = this.#open.get(id);
    if (!closing) return;
    const hop = new AbortController();
    const isGone = (): boolean => signal.aborted || closing.signal.aborted || hop.signal.aborted;
    const end = (event: Closed): void => {
      hop.abort();
      this.#close(id, event, frame);
    };
    const begin = async ({ status, statusText, headers: said }: ResponseHead): Promise<void> => {
      await kept.cookies.take(said, request.path);
      const next = afterRedirect(request, status, said, origin);
      if (isGone()) return;
      if (next?.ok === true && redirects < MOST_REDIRECTS) {
        hop.abort();
        return this.#ask(id, next.value, frame, redirects + 1);
      }
      if (next) return end(closedFor(next.ok ? TOO_MANY.code : next.error.code));
      await onCookies(frame);
      if (isGone()) return;
      const head = withoutCookies({ status, statusText, headers: said });
      const event = { kind: 'head', path: request.path, ...head } as const;
      frame.send({ op: 'stream', id, event });
      places.take(event);
    };
    // What comes behind a head waits for the cookies in it.
    let last = Promise.resolve();
    const take = async (event: StreamEvent): Promise<void> => {
      if (isGone()) return;
      if (event.kind === 'head') return begin(event);
      if (event.kind === 'closed') end(event);
      else frame.send({ op: 'stream', id, event });
    };
    door.openStream({
      sessionId,
      port,
      request: { ...request, headers },
      socketId: crypto.randomUUID(),
      onEvent: (event) => {
        last = last.then(() => take(event));
      },
      onLost: ({ code }) => {
        last = last.then(() => take(closedFor(code)));
      },
      signal: AbortSignal.any([signal, closing.signal, hop.signal]),
    });
  }
}
