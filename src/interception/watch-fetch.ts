import { createBodyTap } from './body-tap.ts';
import { linkStop } from './cancel-links.ts';
import { callNative, cleanStack, replaceMethod } from './mask.ts';
import { getter, then, toLowerCase, unbind } from './natives.ts';
import { createFetchReader, type FetchCall, keepRequestText, readBodyText } from './request-facts.ts';
import { carries } from './routes.ts';
import { observe, type Sink } from './sink.ts';

/** Natives of requests and responses, saved at the start. */
function saveNatives() {
  return {
    cloneResponse: unbind<[], object>(Response.prototype.clone),
    cloneRequest: unbind<[], object>(Request.prototype.clone),
    requestText: unbind<[], Promise<string>>(Request.prototype.text),
    requestBodyUsed: getter<boolean>(Request.prototype, 'bodyUsed'),
    bodyOf: getter<object | null>(Response.prototype, 'body'),
    statusOf: getter<number>(Response.prototype, 'status'),
    headersOf: getter<object>(Response.prototype, 'headers'),
    header: unbind<[string], string | null>(Headers.prototype.get),
  };
}

/**
 * Watches `fetch`. The promise that the page gets is the browser's own; a side branch, registered before any of
 * the page's, copies the body of wanted responses before the page can lock it.
 */
export function watchFetch(sink: Sink, nextStream: () => number): void {
  const native = saveNatives();
  const bodies = createBodyTap();
  const readCall = createFetchReader();

  const open = (call: FetchCall, response: object, request: string | null): number => {
    const headers = native.headersOf(response);
    const stream = nextStream();
    sink.counts.streams += 1;
    sink.emit({
      kind: 'open',
      stream,
      transport: 'fetch',
      method: call.facts.method,
      url: call.facts.url,
      status: native.statusOf(response),
      contentType: native.header(headers, 'content-type') ?? '',
      retryAfter: native.header(headers, 'retry-after'),
      request,
    });
    return stream;
  };

  const take = (call: FetchCall, response: object, request: string | null | Promise<string>): void => {
    const status = native.statusOf(response);
    const type = toLowerCase(native.header(native.headersOf(response), 'content-type') ?? '');
    const isRead = status >= 200 && status <= 299 && carries(call.facts.route, type);
    const copy = isRead && native.bodyOf(response) !== null ? native.bodyOf(native.cloneResponse(response)) : null;
    const begin = (text: string | null): void => {
      const stream = open(call, response, text);
      if (copy === null) {
        sink.emit({ kind: 'end', stream, how: 'complete' });
        return;
      }
      const reading = bodies.read(sink, stream, copy);
      stop = () => reading.stop();
      if (wasStopped) reading.stop();
    };
    let wasStopped = false;
    let stop = (): void => {
      wasStopped = true;
    };
    if (copy !== null) {
      const link = (): void => stop();
      linkStop(response, link);
      linkStop(native.bodyOf(response), link);
    }
    if (typeof request === 'object' && request !== null) {
      then(
        request,
        (text) => observe(sink, () => begin(keepRequestText(text))),
        () => observe(sink, () => begin(null)),
      );
    } else begin(request);
  };

  const prepare = (args: readonly unknown[]): { call: FetchCall; request: string | null | Promise<string> } | null => {
    const call = sink.isOpen() ? readCall(args) : null;
    if (call === null) return null;
    if (call.facts.route !== 'turn') return { call, request: null };
    if (call.carrier === null) return { call, request: readBodyText(call.body) };
    // A Request's body is gone once it is sent, so its copy has to be made before.
    const isGone = native.requestBodyUsed(call.carrier);
    if (isGone) return { call, request: null };
    const text = native.requestText(native.cloneRequest(call.carrier));
    // Handled at once: should the request fail, nobody else looks at this promise.
    then(
      text,
      () => undefined,
      () => undefined,
    );
    return { call, request: text };
  };

  replaceMethod(globalThis, 'fetch', (target, self, args) => {
    let wanted: ReturnType<typeof prepare> = null;
    observe(sink, () => {
      wanted = prepare(args);
    });
    const answer = callNative(target, self, args);
    if (wanted !== null) {
      const { call, request } = wanted as NonNullable<ReturnType<typeof prepare>>;
      observe(sink, () =>
        then(answer as Promise<object>, (response) => observe(sink, () => take(call, response, request)), cleanStack),
      );
    }
    return answer;
  });
}
