import { LOCATION } from './scripts.ts';
import type { Whereabouts } from './whereabouts.ts';

const PARTS = ['href', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

/** Gives the page its `location` and its `history`: where it is on its server. */
export function installLocation(scope: Window & typeof globalThis, where: Whereabouts): void {
  const location = locationOf(where);
  const own: PropertyDescriptor = {
    configurable: false,
    get: () => location,
    set: (address: unknown) => where.go(String(address)),
  };
  Object.defineProperty(scope, LOCATION, own);
  Object.defineProperty(scope.document, LOCATION, own);
  const address = (named: string | URL | null | undefined): string | null => (named == null ? null : String(named));
  Object.defineProperties(scope.History.prototype, {
    length: { get: () => where.length },
    state: { get: () => where.state },
    pushState: {
      value: (state: unknown, _unused: string, named?: string | URL | null) => where.put(state, address(named), true),
    },
    replaceState: {
      value: (state: unknown, _unused: string, named?: string | URL | null) => where.put(state, address(named), false),
    },
    back: { value: () => where.step(-1) },
    forward: { value: () => where.step(1) },
    go: { value: (by = 0) => where.step(Number(by)) },
  });
}

function locationOf(where: Whereabouts): object {
  const properties: PropertyDescriptorMap = {
    origin: { enumerable: true, get: () => where.url.origin },
    assign: { value: (address: unknown) => where.go(String(address)) },
    replace: { value: (address: unknown) => where.go(String(address)) },
    reload: { value: () => where.reload() },
    toString: { value: () => where.url.href },
  };
  for (const part of PARTS)
    properties[part] = {
      enumerable: true,
      get: () => where.url[part],
      set: (value: unknown) => {
        if (part === 'href') return where.go(String(value));
        const { url } = where;
        url[part] = String(value);
        where.go(url.href);
      },
    };
  return Object.defineProperties({}, properties);
}
