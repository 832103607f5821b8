import { savedGetter as getter, unbind } from '../base/index.ts';
import { bytesLength, copyBytes, encodeUtf8, slice, stringifyJson, weakGet, weakSet } from './natives.ts';
import { replaceMethod, callNative } from './mask.ts';
import { factsOf, readAddress, readBodyText, type RequestFacts } from './request-facts.ts';
import { type Answer, isRead, numberStream, openStream } from './stream-opening.ts';
import { emitChunk, observe, reportHealth, type Sink, STREAM_LIMIT_BYTES } from './sink.ts';

interface Watched {
  readonly facts: RequestFacts;
  request: string | null;
  stream: number | null;
  isRead: boolean;
  /** UTF-16 units of the response text that were handed on. */
  taken: number;
}

function saveNatives() {
  const prototype = XMLHttpRequest.prototype;
  return {
    listen: unbind<[string, (event: Event) => void], void>(EventTarget.prototype.addEventListener),
    statusOf: getter<number>(prototype, 'status'),
    stateOf: getter<number>(prototype, 'readyState'),
    typeOf: getter<string>(prototype, 'responseType'),
    textOf: getter<string>(prototype, 'responseText'),
    responseOf: getter<unknown>(prototype, 'response'),
    header: unbind<[string], string | null>(prototype.getResponseHeader),
    baseOf: getter<string>(Node.prototype, 'baseURI'),
    page: document,
  };
}

/** Watches XMLHttpRequest: streams as their text grows, other response types when they are there. */
export function watchXhr(sink: Sink): void {
  const native = saveNatives();
  const watched = new WeakMap<object, Watched>();
  const heard = new WeakMap<object, true>();

  const open = (xhr: object, call: Watched): number => {
    const answer: Answer = {
      transport: 'xhr',
      status: native.statusOf(xhr),
      contentType: native.header(xhr, 'content-type') ?? '',
      retryAfter: native.header(xhr, 'retry-after'),
    };
    call.isRead = isRead(call.facts, answer);
    call.stream = numberStream();
    openStream(sink, call.stream, call.facts, answer, call.request);
    return call.stream;
  };

  const give = (stream: number, bytes: Uint8Array<ArrayBuffer> | null): void => {
    if (!bytes) return;
    if (bytesLength(bytes) > STREAM_LIMIT_BYTES) sink.counts.oversized += 1;
    else emitChunk(sink, stream, bytes);
  };

  const takeText = (xhr: object, call: Watched, stream: number): void => {
    const text = native.textOf(xhr);
    if (text.length <= call.taken) return;
    const added = slice(text, call.taken);
    call.taken = text.length;
    give(stream, encodeUtf8(added));
  };

  const takeWhole = (xhr: object, stream: number): void => {
    const type = native.typeOf(xhr);
    const response = native.responseOf(xhr);
    if (type === 'arraybuffer') give(stream, copyBytes(response));
    else if (type === 'json' && response !== null) give(stream, encodeUtf8(stringifyJson(response)));
  };

  const isText = (xhr: object): boolean => {
    const type = native.typeOf(xhr);
    return type === '' || type === 'text';
  };

  const progress = (xhr: object): void => {
    const call = weakGet(watched, xhr) as Watched | undefined;
    if (!call || !sink.isOpen()) return;
    const stream = call.stream ?? open(xhr, call);
    if (call.isRead && isText(xhr)) takeText(xhr, call, stream);
  };

  const finish = (xhr: object, how: 'complete' | 'cancelled' | 'failed'): void => {
    const call = weakGet(watched, xhr) as Watched | undefined;
    if (!call) return;
    weakSet(watched, xhr, undefined);
    if (call.stream === null && how !== 'complete') return;
    const stream = call.stream ?? open(xhr, call);
    if (call.isRead && how === 'complete') {
      if (isText(xhr)) takeText(xhr, call, stream);
      else takeWhole(xhr, stream);
    }
    sink.emit({ kind: 'end', stream, how });
    reportHealth(sink);
  };

  const hear = (xhr: object): void => {
    if (weakGet(heard, xhr)) return;
    weakSet(heard, xhr, true);
    const on = (name: string, act: () => void): unknown =>
      native.listen(xhr, name, (event) => {
        if (event.isTrusted) observe(sink, act);
      });
    on('progress', () => progress(xhr));
    on('load', () => finish(xhr, 'complete'));
    on('abort', () => finish(xhr, 'cancelled'));
    on('error', () => finish(xhr, 'failed'));
    on('timeout', () => finish(xhr, 'failed'));
  };

  replaceMethod(XMLHttpRequest.prototype, 'open', (target, self, args) => {
    const result = callNative(target, self, args);
    observe(sink, () => {
      const xhr = self as object;
      weakSet(watched, xhr, undefined);
      const method = args[0];
      const address = args[1];
      if (!sink.isOpen() || typeof method !== 'string') return;
      const text = readAddress(address);
      if (text === null) return;
      const facts = factsOf(method, text, native.baseOf(native.page));
      if (facts === null || facts.route === 'unknown') return;
      weakSet(watched, xhr, { facts, request: null, stream: null, isRead: false, taken: 0 } satisfies Watched);
      hear(xhr);
    });
    return result;
  });
  replaceMethod(XMLHttpRequest.prototype, 'send', (target, self, args) => {
    observe(sink, () => {
      const call = weakGet(watched, self) as Watched | undefined;
      if (call?.facts.route === 'turn') call.request = readBodyText(args[0]);
    });
    return callNative(target, self, args);
  });
}
