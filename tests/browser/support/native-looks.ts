/** Runs in the page: everything by which a page could tell a wrapped native from a real one. */
export async function describeNatives(): Promise<Record<string, unknown>> {
  const facts: Record<string, unknown> = {};
  const note = (name: string, look: () => unknown): void => {
    try {
      const value = look();
      facts[name] = typeof value === 'function' ? 'a function' : value;
    } catch (error) {
      facts[name] = `${(error as Error).name}: ${(error as Error).message}`;
      facts[`${name}, stack`] = /extension/.test((error as Error).stack ?? '');
    }
  };
  const text = (value: unknown): string => Function.prototype.toString.call(value);
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const inner = frame.contentWindow as unknown as typeof globalThis;
  const targets: [string, object, string | symbol][] = [
    ['fetch', window, 'fetch'],
    ['WebSocket', window, 'WebSocket'],
    ['toString', Function.prototype, 'toString'],
    ['socket constructor', WebSocket.prototype, 'constructor'],
    ['socket send', WebSocket.prototype, 'send'],
    ['xhr open', XMLHttpRequest.prototype, 'open'],
    ['xhr send', XMLHttpRequest.prototype, 'send'],
    ['response clone', Response.prototype, 'clone'],
    ['getReader', ReadableStream.prototype, 'getReader'],
    ['cancel', ReadableStream.prototype, 'cancel'],
    ['tee', ReadableStream.prototype, 'tee'],
    ['pipeTo', ReadableStream.prototype, 'pipeTo'],
    ['pipeThrough', ReadableStream.prototype, 'pipeThrough'],
    ['values', ReadableStream.prototype, 'values'],
    ['asyncIterator', ReadableStream.prototype, Symbol.asyncIterator],
    ['reader cancel', ReadableStreamDefaultReader.prototype, 'cancel'],
    ['byob cancel', ReadableStreamBYOBReader.prototype, 'cancel'],
    ['iterator return', Object.getPrototypeOf(new ReadableStream().values()) as object, 'return'],
  ];
  for (const [name, owner, key] of targets) {
    const described = Object.getOwnPropertyDescriptor(owner, key);
    const target = described?.value as (...args: unknown[]) => unknown;
    note(`${name}: descriptor`, () =>
      JSON.stringify([described?.writable, described?.enumerable, described?.configurable]),
    );
    note(
      `${name}: place`,
      () =>
        Reflect.ownKeys(owner).indexOf(key) >= 0 &&
        Reflect.ownKeys(owner)
          .map(String)
          // Firefox resolves a window's members when they are first named, in whatever order.
          .toSorted()
          .join(),
    );
    note(`${name}: text`, () => text(target));
    note(`${name}: text by itself`, () => `${target.toString()} ${String(target)} ${`${target as unknown as string}`}`);
    note(`${name}: name`, () => `${target.name} ${target.length}`);
    note(`${name}: keys`, () => Reflect.ownKeys(target).map(String).toSorted().join());
    note(
      `${name}: kind`,
      () => `${typeof target} ${Object.prototype.toString.call(target)} ${target instanceof Function}`,
    );
    note(`${name}: prototype`, () =>
      [
        Object.getPrototypeOf(target) === Function.prototype,
        Object.getPrototypeOf(target) === EventTarget,
        'prototype' in target,
      ].join(),
    );
    note(`${name}: extensible`, () => `${Object.isExtensible(target)} ${Object.isFrozen(target)}`);
    note(`${name}: called on nothing`, () => {
      const result: unknown = target.call(undefined);
      if (result instanceof Promise) result.catch(() => undefined);
      return typeof result;
    });
    note(`${name}: built`, () => typeof new (target as unknown as new () => unknown)());
    note(`${name}: as a class's parent`, () => typeof class extends (target as unknown as new () => object) {});
    note(
      `${name}: Reflect.construct`,
      () => typeof (Reflect.construct as (...all: unknown[]) => unknown)(Object, [], target),
    );
    note(`${name}: cyclic prototype`, () => Object.setPrototypeOf(target, Object.create(target) as object));
    note(`${name}: a proxy of it`, () => text(new Proxy(target, {})));
    note(`${name}: bound`, () => `${text(target.bind(null))} ${target.bind(null).name}`);
    note(`${name}: arguments`, () => (target as unknown as { arguments: unknown }).arguments);
  }
  note('toString of nothing', () => text(undefined));
  note('toString of an object', () => text({}));
  note('toString of a class', () => text(class Plain {}));
  note('toString of toString', () => text(Function.prototype.toString) + Function.prototype.toString.toString());
  note(
    'values is asyncIterator',
    () =>
      ReadableStream.prototype.values ===
      (ReadableStream.prototype as unknown as Record<symbol, unknown>)[Symbol.asyncIterator],
  );
  note('constructor is WebSocket', () => WebSocket.prototype.constructor === WebSocket);
  note('socket constants', () => JSON.stringify(Object.getOwnPropertyDescriptors(WebSocket)));
  note(
    'window keys',
    () =>
      Object.getOwnPropertyNames(window).filter(
        (key) => !['first', 'failing'].includes(key) && !/^(cdc_|__puppeteer|puppeteer)/.test(key),
      ).length,
  );
  note('window symbols', () => Object.getOwnPropertySymbols(window).length);
  note('document', () => document.documentElement.outerHTML.length);
  note('bad socket', () => new WebSocket('ftp://x'));
  note('frame natives differ', () => inner.fetch !== fetch && inner.WebSocket !== WebSocket);
  note(
    'frame natives',
    () =>
      `${inner.Function.prototype.toString.call(inner.fetch)} ${inner.Function.prototype.toString.call(inner.WebSocket)}`,
  );
  note('frame of ours through our toString', () => text(inner.fetch));
  const settle = async (name: string, made: () => Promise<unknown>): Promise<void> => {
    facts[name] = await made().then(
      (value) => `${Object.prototype.toString.call(value)}`,
      (error: Error) => `${error.name}: ${error.message}`,
    );
  };
  await settle('fetch of nothing', () => (fetch as () => Promise<unknown>)());
  await settle('fetch of a bad address', () => fetch('http://['));
  await settle('fetch with a wrong receiver', () => fetch.call({} as never, '/'));
  await settle('fetch with a bad method', () => fetch('/', { method: 'TRACE' }));
  await settle('fetch answer', () => fetch('/'));
  frame.remove();
  return facts;
}
