import { construct, savedGetter as getter, mapDelete, mapGet, mapSet, unbind } from '../base/index.ts';
import { includes, mapSize, NativeUrl, urlHost, urlOrigin, urlPath, weakGet, weakSet } from './natives.ts';
import { callNative, cleanStack, disguise, replaceMethod, replaceValue } from './mask.ts';
import { createFrameOrder, type OrderedFrames } from './ordered-frames.ts';
import { isTurnSocketHost } from './routes.ts';
import { observe, reportHealth, type Sink } from './sink.ts';

const REMEMBERED_SOCKETS = 64;
const OPEN = 1;

type Constructor = new (...args: never[]) => object;

interface Watched {
  readonly id: number;
  readonly frames: OrderedFrames;
  /** Whether the other side ever asked for a tool on this socket: only then is an answer sent on it. */
  hasAsked: boolean;
}

export interface Sockets {
  /** Sends one JSON text on the page's socket; false when that socket never asked or is not open. */
  answer(socket: number, text: string): boolean;
}

/** Watches what arrives and leaves on the page's sockets to hosts that carry turns. */
export function watchSockets(sink: Sink): Sockets {
  const Native = WebSocket;
  const urlOf = getter<string>(Native.prototype, 'url');
  const stateOf = getter<number>(Native.prototype, 'readyState');
  const payloadOf = getter<unknown>(MessageEvent.prototype, 'data');
  const listen = unbind<[string, (event: Event) => void], void>(EventTarget.prototype.addEventListener);
  const sendNative = unbind<[string], void>(Native.prototype.send);
  const orderFrames = createFrameOrder(sink);
  const watched = new WeakMap<object, Watched>();
  const byId = new Map<number, object>();
  let lastId = 0;

  const adopt = (instance: object): void => {
    const address = new NativeUrl(urlOf(instance));
    if (!isTurnSocketHost(urlHost(address))) return;
    const url = urlOrigin(address) + urlPath(address);
    lastId += 1;
    const id = lastId;
    const frames = orderFrames((direction, text) => {
      sink.counts.frames += 1;
      sink.emit({ kind: 'socket', socket: id, url, direction, data: text });
    });
    const socket: Watched = { id, frames, hasAsked: false };
    weakSet(watched, instance, socket);
    sink.counts.sockets += 1;
    if (mapSize(byId) < REMEMBERED_SOCKETS) mapSet(byId, id, instance);
    listen(instance, 'message', (event) =>
      observe(sink, () => {
        // A frame that a script dispatched itself never came over the wire.
        if (!event.isTrusted || !sink.isOpen()) return;
        const payload = payloadOf(event);
        if (typeof payload === 'string' && !socket.hasAsked) socket.hasAsked = includes(payload, 'tool_call');
        frames.take('in', payload);
      }),
    );
    listen(instance, 'close', () =>
      observe(sink, () => {
        mapDelete(byId, id);
        reportHealth(sink);
      }),
    );
  };

  const Watching = disguise(Native as unknown as (...args: never[]) => unknown, {
    apply: callNative,
    construct(target, args, newTarget) {
      let instance: object;
      try {
        const called = newTarget === Watching ? Native : newTarget;
        instance = construct(target as unknown as Constructor, args, called as Constructor) as object;
      } catch (error) {
        cleanStack(error);
        throw error;
      }
      observe(sink, () => adopt(instance));
      return instance;
    },
  });
  replaceValue(globalThis, 'WebSocket', Watching);
  replaceValue(Native.prototype, 'constructor', Watching);
  replaceMethod(Native.prototype, 'send', (target, self, args) => {
    const result = callNative(target, self, args);
    observe(sink, () => {
      const socket = weakGet(watched, self) as Watched | undefined;
      if (socket && sink.isOpen() && stateOf(self) === OPEN) socket.frames.take('out', args[0]);
    });
    return result;
  });

  return {
    answer(id, text) {
      const instance = mapGet(byId, id) as object | undefined;
      const socket = instance && (weakGet(watched, instance) as Watched | undefined);
      if (!instance || !socket?.hasAsked || stateOf(instance) !== OPEN) return false;
      sendNative(instance, text);
      return true;
    },
  };
}
