import { host } from './host-calls.ts';

type Listener = ((event: GuestEvent) => void) | { handleEvent(event: GuestEvent): void };

/** The web's `Event`, as far as programs without a page use it. */
export class GuestEvent {
  readonly type: string;
  readonly timeStamp = host.now();
  readonly cancelable: boolean;
  target: object | null = null;
  currentTarget: object | null = null;
  defaultPrevented = false;
  isStopped = false;
  constructor(type: string, options: { readonly cancelable?: boolean } = {}) {
    this.type = String(type);
    this.cancelable = options.cancelable === true;
  }
  preventDefault(): void {
    if (this.cancelable) this.defaultPrevented = true;
  }
  stopPropagation(): void {
    // There is nothing above a target here.
  }
  stopImmediatePropagation(): void {
    this.isStopped = true;
  }
}

class GuestCustomEvent extends GuestEvent {
  readonly detail: unknown;
  constructor(type: string, options: { readonly detail?: unknown; readonly cancelable?: boolean } = {}) {
    super(type, options);
    this.detail = options.detail ?? null;
  }
}

class GuestEventTarget {
  readonly #listeners = new Map<string, Map<Listener, boolean>>();
  addEventListener(type: string, listener: Listener | null, options?: { readonly once?: boolean } | boolean): void {
    if (listener === null) return;
    const heard = this.#listeners.get(type) ?? new Map<Listener, boolean>();
    this.#listeners.set(type, heard);
    if (!heard.has(listener)) heard.set(listener, typeof options === 'object' && options.once === true);
  }
  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
  }
  dispatchEvent(event: GuestEvent): boolean {
    event.target = event.currentTarget = this;
    const heard = this.#listeners.get(event.type);
    for (const [listener, isOnce] of [...(heard ?? [])]) {
      if (isOnce) heard?.delete(listener);
      if (typeof listener === 'function') Reflect.apply(listener, this, [event]);
      else listener.handleEvent(event);
      if (event.isStopped) break;
    }
    return !event.defaultPrevented;
  }
}

class GuestAbortSignal extends GuestEventTarget {
  aborted = false;
  reason: unknown = undefined;
  onabort: ((event: GuestEvent) => void) | null = null;
  throwIfAborted(): void {
    if (this.aborted) throw this.reason as Error;
  }
  static abort(reason?: unknown): GuestAbortSignal {
    const signal = new GuestAbortSignal();
    abort(signal, reason);
    return signal;
  }
  static timeout(ms: number): GuestAbortSignal {
    const signal = new GuestAbortSignal();
    const timedOut = () => abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    // As in Node: it keeps no program alive that has nothing else to do.
    setTimeout(timedOut, ms).unref();
    return signal;
  }
  static any(signals: readonly GuestAbortSignal[]): GuestAbortSignal {
    const joined = new GuestAbortSignal();
    for (const signal of signals) {
      if (signal.aborted) abort(joined, signal.reason);
      else signal.addEventListener('abort', () => abort(joined, signal.reason), { once: true });
    }
    return joined;
  }
}

function abort(signal: GuestAbortSignal, reason: unknown): void {
  if (signal.aborted) return;
  signal.aborted = true;
  signal.reason = reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
  const event = new GuestEvent('abort');
  signal.onabort?.(event);
  signal.dispatchEvent(event);
}

class GuestAbortController {
  readonly signal = new GuestAbortSignal();
  abort(reason?: unknown): void {
    abort(this.signal, reason);
  }
}

interface Fetched {
  readonly status?: number;
  readonly statusText?: string;
  readonly url?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly error?: string;
  readonly code?: string;
}

interface Asked {
  readonly resolve: (value: object) => void;
  readonly reject: (error: Error) => void;
  /** Made where the program asked, so that it knows the line. */
  readonly failure: TypeError;
  /** The program's own signal is listened to no more. */
  readonly settle: () => void;
}

const asked = new Map<number, Asked>();
let last = 0;

/** The answer of the network gate, or why there is none. */
export function fetched(id: number, json: string): void {
  const waiting = asked.get(id);
  asked.delete(id);
  if (!waiting) return;
  waiting.settle();
  const answer = JSON.parse(json) as Fetched;
  if (answer.error !== undefined) {
    const code = answer.code === 'not-allowed' ? 'ERR_NETWORK_OFF' : 'ERR_NETWORK';
    const { failure } = waiting;
    // The stack holds the message that the error was made with.
    const stack = (failure.stack ?? '').replace(failure.message, () => answer.error ?? '');
    waiting.reject(Object.assign(failure, { message: answer.error, stack, code }));
    return;
  }
  const { status = 0, statusText = '', url = '', headers = [], body = '' } = answer;
  const text = (): Promise<string> => Promise.resolve(new TextDecoder().decode(bytesOf(body)));
  waiting.resolve({
    status,
    statusText,
    url,
    ok: status >= 200 && status < 300,
    headers: new Headers(headers.map(([name, value]) => [name, value])),
    text,
    json: async () => JSON.parse(await text()) as unknown,
    arrayBuffer: () => Promise.resolve(bytesOf(body).buffer),
    bytes: () => Promise.resolve(bytesOf(body)),
  });
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function base64Of(body: unknown): string {
  const bytes =
    body instanceof ArrayBuffer
      ? new Uint8Array(body)
      : ArrayBuffer.isView(body)
        ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
        : new TextEncoder().encode(String(body));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

interface FetchOptions {
  readonly method?: string;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly signal?: GuestAbortSignal | null;
}

function guestFetch(input: unknown, options: FetchOptions = {}): Promise<object> {
  const url = typeof input === 'object' && input !== null && 'url' in input ? String(input.url) : String(input);
  last += 1;
  const id = last;
  const failure = new TypeError('fetch failed');
  const signal = options.signal ?? null;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const headers = options.headers === undefined ? [] : [...new Headers(options.headers as never)];
    const body = options.body === undefined || options.body === null ? null : base64Of(options.body);
    const request = JSON.stringify({ url, method: String(options.method ?? 'GET'), headers, body });
    const end = (): void => {
      asked.delete(id);
      host.endFetch(id);
      reject(signal?.reason);
    };
    const settle = (): void => signal?.removeEventListener('abort', end);
    asked.set(id, { resolve, reject, failure, settle });
    signal?.addEventListener('abort', end, { once: true });
    host.fetch(id, request);
  });
}

export const webGlobals = {
  Event: GuestEvent,
  CustomEvent: GuestCustomEvent,
  EventTarget: GuestEventTarget,
  AbortSignal: GuestAbortSignal,
  AbortController: GuestAbortController,
  fetch: guestFetch,
};
for (const [name, value] of Object.entries(webGlobals)) Object.defineProperty(value, 'name', { value: name });
