import type { HeaderList, PreviewRequest } from '../../contracts/preview.ts';
import type { PreviewAnswer } from '../messages.ts';
import type { Desk } from './desk.ts';
import type { Files } from './files.ts';
import { streamed } from './streamed.ts';

/** No address that the page's policy names. */
const REFUSED = 'http://localhost:1/';
const BODILESS = new Set([204, 205, 304]);

/** Lets `fetch`, `XMLHttpRequest` and `sendBeacon` ask the server; what is elsewhere goes to the browser's own, which refuse it. */
export function installRequests(scope: Window & typeof globalThis, desk: Desk, files: Files): void {
  const plainFetch = scope.fetch.bind(scope);
  const { Request, Response, Headers, XMLHttpRequest } = scope;
  scope.fetch = async (input, init) => {
    const asked = new Request(input, init);
    const url = files.own(asked.url, scope.document.baseURI);
    if (!url) return plainFetch(input, init);
    const { head, body } = await streamed(desk, await requestOf(asked, url), asked.signal);
    const { status, statusText, path } = head;
    const list = new Headers(head.headers.map(([name, value]) => [name, value] as [string, string]));
    const response = new Response(BODILESS.has(status) ? null : body, { status, statusText, headers: list });
    Object.defineProperty(response, 'url', { value: url.origin + path });
    return response;
  };
  scope.navigator.sendBeacon = (address, data) => {
    void scope.fetch(address, { method: 'POST', body: data ?? null }).catch(() => undefined); // nobody is told of a beacon
    return true;
  };
  scope.XMLHttpRequest = requestClass(XMLHttpRequest, scope, desk, files);
}

async function requestOf(asked: Request, url: URL): Promise<PreviewRequest> {
  const hasBody = asked.method !== 'GET' && asked.method !== 'HEAD';
  const body = hasBody ? new Uint8Array(await asked.arrayBuffer()) : null;
  return {
    method: asked.method.toUpperCase(),
    path: url.pathname + url.search,
    headers: [...asked.headers] as HeaderList,
    body: body && body.byteLength > 0 ? body : null,
  };
}

/** The browser's own, reading the answer from a blob of this frame: kinds of answers, events and states stay its business. */
function requestClass(
  Plain: typeof XMLHttpRequest,
  scope: Window & typeof globalThis,
  desk: Desk,
  files: Files,
): typeof XMLHttpRequest {
  return class extends Plain {
    #asked: { readonly method: string; readonly url: URL } | null = null;
    #headers: [string, string][] = [];
    #answer: (PreviewAnswer & { kind: 'response' }) | null = null;
    #turn = 0;

    override open(method: string, address: string | URL, ...rest: unknown[]): void {
      const url = files.own(String(address), scope.document.baseURI);
      if (url && rest[0] === false)
        throw new DOMException('The preview has no synchronous requests.', 'InvalidAccessError');
      this.#asked = url && { method: method.toUpperCase(), url };
      this.#headers = [];
      this.#answer = null;
      this.#turn += 1;
      super.open(url ? 'GET' : method, url ? 'data:,' : address, true);
    }

    override setRequestHeader(name: string, value: string): void {
      if (this.#asked) this.#headers.push([name.toLowerCase(), value]);
      else super.setRequestHeader(name, value);
    }

    override send(body?: Document | XMLHttpRequestBodyInit | null): void {
      if (this.#asked) void this.#send(this.#asked, body ?? null);
      else super.send(body);
    }

    override abort(): void {
      this.#turn += 1;
      super.abort();
    }

    override getResponseHeader(name: string): string | null {
      if (!this.#answer) return super.getResponseHeader(name);
      return this.#answer.response.headers.find(([each]) => each === name.toLowerCase())?.[1] ?? null;
    }

    override getAllResponseHeaders(): string {
      if (!this.#answer) return super.getAllResponseHeaders();
      return this.#answer.response.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    }

    override get status(): number {
      return this.#answer && this.readyState > 1 ? this.#answer.response.status : super.status;
    }

    override get statusText(): string {
      return this.#answer && this.readyState > 1 ? this.#answer.response.statusText : super.statusText;
    }

    override get responseURL(): string {
      return this.#answer && this.#asked ? this.#asked.url.origin + this.#answer.path : super.responseURL;
    }

    async #send(
      { method, url }: { method: string; url: URL },
      body: Document | XMLHttpRequestBodyInit | null,
    ): Promise<void> {
      const turn = this.#turn;
      const content = body instanceof Document ? new XMLSerializer().serializeToString(body) : body;
      const hasBody = method !== 'GET' && method !== 'HEAD';
      const asked = new Request(url, { method, headers: this.#headers, body: hasBody ? content : null });
      const answer = await desk.ask(await requestOf(asked, url));
      if (turn !== this.#turn) return;
      if (answer.kind === 'failed') {
        super.open('GET', REFUSED, true); // an error, as for a server that is gone
        return super.send();
      }
      this.#answer = answer;
      const type = answer.response.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
      super.open('GET', files.put(answer.response.body, type), true);
      super.send();
    }
  };
}
