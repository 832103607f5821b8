import { Area } from '../kept-areas.ts';
import type { KeptArea, KeptChange, KeptState } from '../messages.ts';
import type { Desk } from './desk.ts';

type Scope = Window & typeof globalThis;

/**
 * `localStorage` and `sessionStorage` of the server's pages: in memory, as long as the preview is open. A frame of opaque origin has
 * none of its own. What a script of one task writes goes to the host as one message.
 */
export function installStorage(scope: Scope, desk: Desk, kept: KeptState): void {
  const { prototype } = scope.Storage;
  const stores = new WeakMap<object, Store>();
  const storeOf = (self: object): Store => {
    const store = stores.get(self);
    if (!store) throw new TypeError('Illegal invocation');
    return store;
  };
  const methods = {
    getItem(this: object, key: unknown): string | null {
      return storeOf(this).area.get(String(key));
    },
    setItem(this: object, key: unknown, value: unknown): void {
      storeOf(this).put(String(key), String(value));
    },
    removeItem(this: object, key: unknown): void {
      storeOf(this).put(String(key), null);
    },
    clear(this: object): void {
      const store = storeOf(this);
      for (const key of store.area.keys) store.put(key, null);
    },
    key(this: object, at: unknown): string | null {
      return storeOf(this).area.keys[Math.trunc(Number(at)) || 0] ?? null;
    },
  };
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(prototype, name, { value, configurable: true, enumerable: true, writable: true });
  Object.defineProperty(prototype, 'length', {
    configurable: true,
    enumerable: true,
    get(this: object) {
      return storeOf(this).area.keys.length;
    },
  });
  for (const area of ['local', 'session'] as const) {
    const store = new Store(scope, desk, area, new Area(kept[area]));
    const storage = new Proxy(Object.create(prototype) as object, handlersOf(store, prototype));
    stores.set(storage, store);
    Object.defineProperty(scope, `${area}Storage`, { configurable: true, enumerable: true, get: () => storage });
  }
}

class Store {
  readonly area: Area;
  readonly #scope: Scope;
  readonly #desk: Desk;
  readonly #name: KeptArea;
  #unsaid = new Map<string, KeptChange>();

  constructor(scope: Scope, desk: Desk, name: KeptArea, area: Area) {
    this.#scope = scope;
    this.#desk = desk;
    this.#name = name;
    this.area = area;
  }

  put(key: string, value: string | null): void {
    if (!this.area.put(key, value))
      throw new this.#scope.DOMException('The preview keeps no more for this server.', 'QuotaExceededError');
    if (this.#unsaid.size === 0) queueMicrotask(() => this.#say());
    this.#unsaid.set(key, [key, value]);
  }

  #say(): void {
    const changes = [...this.#unsaid.values()];
    this.#unsaid = new Map();
    this.#desk.tell({ op: 'keep', area: this.#name, changes });
  }
}

/** Keys are properties too, but for those that every storage has. */
function handlersOf(store: Store, prototype: object): ProxyHandler<object> {
  const isKey = (name: string | symbol): name is string => typeof name === 'string' && !(name in prototype);
  const value = (name: string | symbol): string | null => (isKey(name) ? store.area.get(name) : null);
  return {
    get: (target, name, receiver) => value(name) ?? (Reflect.get(target, name, receiver) as unknown),
    has: (target, name) => value(name) !== null || Reflect.has(target, name),
    set: (target, name, given, receiver) => {
      if (!isKey(name)) return Reflect.set(target, name, given, receiver);
      store.put(name, String(given));
      return true;
    },
    deleteProperty: (target, name) => {
      if (!isKey(name)) return Reflect.deleteProperty(target, name);
      store.put(name, null);
      return true;
    },
    ownKeys: () => [...store.area.keys],
    getOwnPropertyDescriptor: (target, name) => {
      const kept = value(name);
      if (kept === null) return Reflect.getOwnPropertyDescriptor(target, name);
      return { value: kept, writable: true, enumerable: true, configurable: true };
    },
  };
}
