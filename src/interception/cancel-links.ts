import { getOwnPropertyDescriptor, getPrototypeOf, savedGetter as getter } from '../base/index.ts';
import { readPlain, whenSettled, weakGet, weakSet, isObject } from './natives.ts';
import { callNative, disguise, replaceMethod, replaceValue } from './mask.ts';
import { observe, type Sink } from './sink.ts';

type Stop = () => void;

/**
 * Reading a copy of a body splits it in two, and the transfer ends only when both halves are cancelled.
 * These links lead from whatever the page may cancel (response, stream, reader, iterator) to our half.
 */
const stops = new WeakMap<object, Stop>();

export function linkStop(target: unknown, stop: Stop | undefined): void {
  if (stop && isObject(target)) weakSet(stops, target, stop);
}

function stopOf(target: unknown): Stop | undefined {
  return weakGet(stops, target) as Stop | undefined;
}

/** Two halves that the page made itself: ours ends when it has cancelled both. */
function linkHalves(first: unknown, second: unknown, stop: Stop): void {
  let open = 2;
  const half = (): Stop => {
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      open -= 1;
      if (open === 0) stop();
    };
  };
  linkStop(first, half());
  linkStop(second, half());
}

type After = (self: unknown, result: unknown, args: readonly unknown[]) => void;

function watch(sink: Sink, owner: object, name: PropertyKey, after: After): void {
  replaceMethod(owner, name, (native, self, args) => {
    const result = callNative(native, self, args);
    if (stopOf(self)) observe(sink, () => after(self, result, args));
    return result;
  });
}

function watchIteration(sink: Sink): void {
  const prototype = ReadableStream.prototype as unknown as Record<PropertyKey, unknown>;
  const values = getOwnPropertyDescriptor(prototype, 'values')?.value as ((...args: never[]) => object) | undefined;
  if (!values) return;
  const watched = disguise(values, {
    apply(native, self, args) {
      const iterator = callNative(native, self, args);
      const stop = stopOf(self);
      if (stop) {
        observe(sink, () => {
          const options = args[0];
          const keep = isObject(options) ? readPlain(options, 'preventCancel') : null;
          if (options === undefined || (keep && !keep.value)) linkStop(iterator, stop);
        });
      }
      return iterator;
    },
  });
  const iteratorPrototype = getPrototypeOf(new ReadableStream().values()) as object;
  replaceValue(prototype, 'values', watched);
  replaceValue(prototype, Symbol.asyncIterator, watched);
  watch(sink, iteratorPrototype, 'return', (self) => stopOf(self)?.());
}

/** Lets the page's own cancelling end our copy too, on every way it can cancel. */
export function installCancelLinks(sink: Sink): void {
  const stream = ReadableStream.prototype;
  const isLocked = getter<boolean>(stream, 'locked');
  const bodyOf = getter<object | null>(Response.prototype, 'body');

  replaceMethod(stream, 'cancel', (native, self, args) => {
    const stop = stopOf(self);
    const wasLocked = stop !== undefined && isLocked(self);
    const result = callNative(native, self, args);
    if (stop && !wasLocked) observe(sink, stop);
    return result;
  });
  watch(sink, stream, 'getReader', (self, reader) => linkStop(reader, stopOf(self)));
  watch(sink, stream, 'pipeThrough', (self, readable) => linkStop(readable, stopOf(self)));
  watch(sink, stream, 'pipeTo', (self, piped) => {
    const stop = stopOf(self);
    if (stop)
      whenSettled(
        piped as Promise<void>,
        () => undefined,
        () => observe(sink, stop),
      );
  });
  watch(sink, stream, 'tee', (self, halves) => {
    const stop = stopOf(self);
    const pair = halves as readonly unknown[];
    if (stop) linkHalves(pair[0], pair[1], stop);
  });
  watch(sink, ReadableStreamDefaultReader.prototype, 'cancel', (self) => stopOf(self)?.());
  watch(sink, ReadableStreamBYOBReader.prototype, 'cancel', (self) => stopOf(self)?.());
  watch(sink, Response.prototype, 'clone', (self, copy) => {
    const stop = stopOf(self);
    if (!stop) return;
    linkHalves(bodyOf(self), bodyOf(copy), stop);
  });
  watchIteration(sink);
}
