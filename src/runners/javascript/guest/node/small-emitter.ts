export type Listener = (...args: unknown[]) => void;

interface Heard {
  readonly listener: Listener;
  readonly isOnce: boolean;
}

/** What objects that the guest starts with have of Node's EventEmitter, whose package is loaded only when a program wants it. */
export interface SmallEmitter {
  readonly emit: (event: string | symbol, ...args: unknown[]) => boolean;
  readonly removeAllListeners: (event?: string | symbol) => object;
  readonly listenerCount: (event: string | symbol) => number;
  readonly [name: string]: (...args: never[]) => unknown;
}

/** Methods for an object; they give `self()` back, as Node's give their emitter. */
export function smallEmitter(
  self: () => object,
  onListen: (event: string | symbol) => void = () => undefined,
): SmallEmitter {
  const events = new Map<string | symbol, readonly Heard[]>();
  const heardOf = (event: string | symbol): readonly Heard[] => events.get(event) ?? [];
  const adder =
    (isOnce: boolean, isFirst: boolean) =>
    (event: string | symbol, listener: unknown): object => {
      if (typeof listener !== 'function') {
        const error = new TypeError(`The "listener" argument must be of type function. Received ${typeof listener}`);
        throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
      }
      const heard = { listener: listener as Listener, isOnce };
      events.set(event, isFirst ? [heard, ...heardOf(event)] : [...heardOf(event), heard]);
      onListen(event);
      return self();
    };
  const remove = (event: string | symbol, listener: unknown): object => {
    const heard = heardOf(event);
    const at = heard.findLastIndex((one) => one.listener === listener);
    if (at !== -1) events.set(event, heard.toSpliced(at, 1));
    return self();
  };
  const listeners = (event: string | symbol): Listener[] => heardOf(event).map(({ listener }) => listener);
  return {
    on: adder(false, false),
    addListener: adder(false, false),
    once: adder(true, false),
    prependListener: adder(false, true),
    prependOnceListener: adder(true, true),
    off: remove,
    removeListener: remove,
    removeAllListeners: (event) => {
      if (event === undefined) events.clear();
      else events.delete(event);
      return self();
    },
    emit: (event, ...args) => {
      const heard = heardOf(event);
      for (const one of heard) {
        if (one.isOnce) remove(event, one.listener);
        Reflect.apply(one.listener, self(), args);
      }
      return heard.length > 0;
    },
    listeners,
    rawListeners: listeners,
    listenerCount: (event) => heardOf(event).length,
    eventNames: () => [...events].filter(([, heard]) => heard.length > 0).map(([event]) => event),
    setMaxListeners: () => self(),
    getMaxListeners: () => 10,
  };
}
