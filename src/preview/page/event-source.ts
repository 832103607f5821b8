import { createParser } from 'eventsource-parser';
import type { AppErrorCode } from '../../contracts/errors.ts';
import type { Desk } from './desk.ts';
import type { Files } from './files.ts';

type Slot = ((event: Event) => unknown) | null;

const RETRY_MS = 3000;
/** A server may ask to be asked again at once; not as often as it likes. */
const LEAST_RETRY_MS = 100;
/** Where a redirect led to another origin: the next time it would lead there as well. */
const LEADS_AWAY: AppErrorCode = 'preview/leads-away';

/** An `EventSource` whose stream goes by the frame's port: asked again whenever it ends, as browsers do. */
export function installEventSource(scope: Window & typeof globalThis, desk: Desk, files: Files): void {
  class PreviewEventSource extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSED = 2;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSED = 2;
    readonly url: string;
    readonly withCredentials: boolean;
    onopen: Slot = null;
    onmessage: Slot = null;
    onerror: Slot = null;
    readyState = 0;
    readonly #path: string;
    #lastId = '';
    #retryMs = RETRY_MS;
    #end = (): void => undefined;

    constructor(address: string | URL, options: EventSourceInit = {}) {
      super();
      const url = files.own(String(address), scope.document.baseURI);
      if (!url) throw new DOMException('The preview reaches its own server only.', 'SecurityError');
      this.url = url.href;
      this.withCredentials = options.withCredentials === true;
      this.#path = url.pathname + url.search;
      this.#connect();
    }

    close(): void {
      this.readyState = 2;
      this.#end();
    }

    #connect(): void {
      const decoder = new TextDecoder();
      const parser = createParser({
        onEvent: ({ event, data, id }) => {
          if (id !== undefined) this.#lastId = id;
          if (this.readyState !== 1) return;
          const { origin } = new URL(this.url);
          this.#fire(new MessageEvent(event ?? 'message', { data, origin, lastEventId: this.#lastId }));
        },
        onRetry: (ms) => {
          this.#retryMs = Math.max(ms, LEAST_RETRY_MS);
        },
      });
      const headers: [string, string][] = [
        ['accept', 'text/event-stream'],
        ['cache-control', 'no-cache'],
        ...(this.#lastId === '' ? [] : [['last-event-id', inLatin(this.#lastId)] satisfies [string, string]]),
      ];
      this.#end = desk.stream({ method: 'GET', path: this.#path, headers, body: null }, (event) => {
        if (this.readyState === 2) return;
        if (event.kind === 'bytes') return parser.feed(decoder.decode(event.bytes, { stream: true }));
        if (event.kind === 'closed') return event.reason === LEADS_AWAY ? this.#fail() : this.#again();
        const type = event.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
        if (event.status !== 200 || !/^text\/event-stream\s*(?:;|$)/i.test(type)) return this.#fail();
        this.readyState = 1;
        this.#fire(new Event('open'));
      });
    }

    #again(): void {
      this.readyState = 0;
      this.#fire(new Event('error'));
      scope.setTimeout(() => {
        if (this.readyState === 0) this.#connect();
      }, this.#retryMs);
    }

    /** What is no stream of events of this server is not asked for again. */
    #fail(): void {
      this.close();
      this.#fire(new Event('error'));
    }

    #fire(event: Event): void {
      const slot = { open: this.onopen, message: this.onmessage, error: this.onerror }[event.type];
      if (slot) this.addEventListener(event.type, slot, { once: true });
      this.dispatchEvent(event);
    }
  }
  Object.defineProperty(scope, 'EventSource', { value: PreviewEventSource, configurable: true, writable: true });
}

/** Its bytes in UTF-8, as a header carries them. */
const inLatin = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
