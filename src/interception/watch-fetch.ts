import { savedGetter as getter, unbind } from '../base/index.ts';
import { whenSettled, isObject } from './natives.ts';
import { createBodyTap } from './body-tap.ts';
import { linkStop } from './cancel-links.ts';
import { holdSink } from './held-sink.ts';
import { callNative, cleanStack, replaceMethod } from './mask.ts';
import { createFetchReader, type FetchCall, keepRequestText, readBodyText } from './request-facts.ts';
import { observe, type Sink } from './sink.ts';
import { type Answer, isRead, isTold, numberStream, openStream } from './stream-opening.ts';

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
export function watchFetch(sink: Sink): void {
  const native = saveNatives();
  const bodies = createBodyTap();
  const readCall = createFetchReader();

  const take = (call: FetchCall, response: object, request: string | null | Promise<string>): void => {
    const headers = native.headersOf(response);
    const answer: Answer = {
      transport: 'fetch',
      status: native.statusOf(response),
      contentType: native.header(headers, 'content-type') ?? '',
      retryAfter: native.header(headers, 'retry-after'),
    };
    if (!isTold(call.facts, answer)) return;
    const copy =
      isRead(call.facts, answer) && native.bodyOf(response) !== null
        ? native.bodyOf(native.cloneResponse(response))
        : null;
    const stream = numberStream();
    const held = holdSink(sink);
    if (copy === null) held.emit({ kind: 'end', stream, how: 'complete' });
    else {
      // At once, before the request's text is there: a page that aborts takes what was not read yet with it.
      const stop = bodies.read(held, stream, copy);
      linkStop(response, stop);
      linkStop(native.bodyOf(response), stop);
    }
    const begin = (text: string | null): void => {
      openStream(sink, stream, call.facts, answer, text);
      held.release();
    };
    if (isObject(request)) {
      whenSettled(
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
    whenSettled(
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
        whenSettled(
          answer as Promise<object>,
          (response) => observe(sink, () => take(call, response, request)),
          cleanStack,
        ),
      );
    }
    return answer;
  });
}
