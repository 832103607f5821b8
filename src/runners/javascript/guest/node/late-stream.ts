/** A stream of Node, as far as it is handed on. */
export interface HeldStream {
  push(piece: unknown): boolean;
  readonly [name: string]: unknown;
}

/** What of a stream an object shows that has one. */
const NAMES = `write end pipe unpipe on once off addListener removeListener removeAllListeners prependListener
  prependOnceListener emit listenerCount listeners rawListeners eventNames setMaxListeners getMaxListeners read resume pause
  isPaused setEncoding unshift destroy cork uncork destroyed readable writable readableEnded writableEnded writableFinished
  readableFlowing readableLength readableEncoding errored closed _readableState _writableState _events`.split(/\s+/);

/** Gives an object (or a prototype of many) all of a stream, which is made when something of it is first used. */
export function showStream<T extends object>(shown: T, streamOf: (self: T) => HeldStream, names = NAMES): void {
  for (const name of names) {
    Object.defineProperty(shown, name, {
      configurable: true,
      enumerable: false,
      get(this: T) {
        const stream = streamOf(this);
        const held = stream[name];
        return typeof held === 'function' ? (held as (...args: never[]) => unknown).bind(stream) : held;
      },
      set(this: T, value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, configurable: true });
      },
    });
  }
}
export const READABLE_NAMES = [...NAMES.filter((name) => !/^(?:write|end|writable|_writable|cork|uncork)/.test(name))];
