import { fail, ok, type Result } from '../base/index.ts';
import type { PreviewsDoor } from '../contracts/doors/previews.ts';
import type { AppError } from '../contracts/errors.ts';
import type { SessionId } from '../contracts/ids.ts';
import { LIMITS } from '../contracts/limits.ts';
import {
  closedFor,
  CONNECTIONS_FULL,
  type HeaderList,
  type PreviewRequest,
  type PreviewResponse,
  type SocketEvent,
} from '../contracts/preview.ts';
import type { PreviewFrame } from './frame.ts';
import type { Kept } from './kept.ts';
import type { FromPreview } from './messages.ts';
import { ownAddress } from './own-address.ts';
import { Places } from './places.ts';
import { afterRedirect, MOST_REDIRECTS, TOO_MANY, withoutCookies } from './redirects.ts';
import { Streams } from './streams.ts';

export interface CourierOptions {
  readonly door: PreviewsDoor;
  readonly sessionId: SessionId;
  readonly port: number;
  readonly kept: Kept;
  /** A stream or websocket was refused, because all that there are at once are open: once until there was a place again. */
  readonly onFull: () => void;
  readonly signal: AbortSignal;
}

/** Where redirects led, and what came from there. */
export interface Fetched {
  readonly path: string;
  readonly response: PreviewResponse;
}

export const originOf = (port: number): string => `http://localhost:${String(port)}`;

/** Carries what one page asks for to the one server it came from; `port` and session are never the page's to name. */
export class Courier {
  readonly #options: CourierOptions;
  /** By what their page calls them; there once they are asked for. */
  readonly #sockets = new Map<number, Promise<string>>();
  readonly #streams: Streams;
  readonly #places: Places;
  #waiting = 0;
  /** Where the page is that asks: its cookies are those of its present address. */
  #path = '/';
  /** As its frame was told. */
  #cookies: string | null = null;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#places = new Places(options.onFull);
    this.#streams = new Streams({
      ...options,
      places: this.#places,
      origin: originOf(options.port),
      onCookies: (frame) => this.#tellCookies(frame),
    });
  }

  /** Follows redirects within the server; `preview/leads-away` with the address for others. */
  async fetch(first: PreviewRequest): Promise<Result<Fetched, AppError>> {
    const { door, sessionId, port, kept } = this.#options;
    let request = first;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const headersSent = await kept.cookies.sentWith(request.headers, request.path);
      const answer = await door.fetch({ sessionId, port, ...request, headers: headersSent });
      if (!answer.ok) return answer;
      const { status, headers } = answer.value;
      await kept.cookies.take(headers, request.path);
      const next = afterRedirect(request, status, headers, originOf(port));
      if (next === null) return ok({ path: request.path, response: withoutCookies(answer.value) });
      if (!next.ok) return next;
      request = next.value;
    }
    return fail(TOO_MANY);
  }

  /** An address of the server; null for what is not. The names of the guest itself all mean the same server. */
  own(address: string, path = '/'): URL | null {
    const origin = originOf(this.#options.port);
    return ownAddress(address, origin + path, origin);
  }

  /** Sends the frame its page, with what the server's pages kept before. */
  async show({ path, response }: Fetched, frame: PreviewFrame): Promise<void> {
    this.#path = path;
    const kept = await this.#options.kept.state(path);
    this.#cookies = kept.cookies;
    frame.send({ op: 'page', origin: originOf(this.#options.port), path, response, kept });
  }

  /** False for a message that is for others, too. */
  take(message: FromPreview, frame: PreviewFrame): boolean {
    if (this.#streams.take(message, frame)) return true;
    switch (message.op) {
      case 'ask':
        void this.#answer(message.id, message.request, frame);
        return true;
      case 'cookie':
        void this.#setCookie(message.text, frame);
        return true;
      case 'address':
        this.#path = message.path;
        void this.#tellCookies(frame);
        return false;
      case 'keep':
        for (const [key, value] of message.changes) this.#options.kept.areas[message.area].put(key, value);
        return true;
      case 'socket-open':
        this.#openSocket(message, frame);
        return true;
      case 'socket-send': {
        const { data } = message;
        void this.#sockets.get(message.id)?.then((socketId) => this.#options.door.socketSend({ socketId, data }));
        return true;
      }
      case 'socket-close': {
        const { code, reason } = message;
        void this.#sockets
          .get(message.id)
          ?.then((socketId) => this.#options.door.socketClose({ socketId, code, reason }));
        return true;
      }
      default:
        return false;
    }
  }

  async #answer(id: number, request: PreviewRequest, frame: PreviewFrame): Promise<void> {
    if (this.#waiting >= LIMITS.previewAsked.standard)
      return frame.send({ op: 'answer', id, answer: { kind: 'failed', error: { code: 'run/queue-full' } } });
    this.#waiting += 1;
    const fetched = await this.fetch(request);
    this.#waiting -= 1;
    await this.#tellCookies(frame);
    if (this.#options.signal.aborted) return;
    if (fetched.ok) return frame.send({ op: 'answer', id, answer: { kind: 'response', ...fetched.value } });
    const { code, detail } = fetched.error;
    frame.send({
      op: 'answer',
      id,
      answer: { kind: 'failed', error: detail === undefined ? { code } : { code, detail } },
    });
  }

  /** Told in any case: the page has seen what it set, and the jar may have refused it. */
  async #setCookie(text: string, frame: PreviewFrame): Promise<void> {
    await this.#options.kept.cookies.set(text, this.#path);
    this.#cookies = null;
    await this.#tellCookies(frame);
  }

  /** Before the answer that changed them: its page may look at once. */
  async #tellCookies(frame: PreviewFrame): Promise<void> {
    const { kept, signal } = this.#options;
    const cookies = await kept.cookies.visible(this.#path);
    if (signal.aborted || cookies === this.#cookies) return;
    this.#cookies = cookies;
    frame.send({ op: 'cookies', cookies });
  }

  #openSocket({ id, path, protocols }: FromPreview & { op: 'socket-open' }, frame: PreviewFrame): void {
    const { door, sessionId, port, kept, signal } = this.#options;
    const tell = (event: SocketEvent): void => {
      if (signal.aborted) return;
      frame.send({ op: 'socket', id, event });
      this.#places.take(event);
    };
    if (this.#sockets.has(id)) return tell(closedFor('opened twice'));
    if (this.#sockets.size >= LIMITS.previewSockets.standard) return tell(closedFor(CONNECTIONS_FULL));
    const open = (headers: HeaderList): string => {
      const socketId = crypto.randomUUID();
      const target = { sessionId, port, path, protocols, headers, socketId };
      door.openSocket({
        ...target,
        onEvent: (event) => {
          if (event.kind === 'closed') this.#sockets.delete(id);
          tell(event);
        },
        onLost: ({ code }) => {
          this.#sockets.delete(id);
          tell(closedFor(code));
        },
        signal,
      });
      return socketId;
    };
    // A server may know by its cookies who speaks.
    this.#sockets.set(id, kept.cookies.sentWith([], path).then(open));
  }
}
