import { host } from './host-calls.ts';
import { CUSTOM, inspect } from './inspect/index.ts';

/** The parts of a URL as the browser reads them. */
interface Parts {
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}

const SETTABLE = [
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const;

/** Null where the text is no URL. `set` changes one part first. */
function partsOf(href: string, base?: string, set?: { readonly name: string; readonly value: string }): Parts | null {
  return JSON.parse(host.url(JSON.stringify({ href, base, set }))) as Parts | null;
}

const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(text: string): string {
  const plain = text.replace(/\+/g, ' ');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain; // a lone percent sign stands for itself
  }
}

function pairsOf(given: unknown): [string, string][] {
  if (typeof given === 'object' && given !== null) {
    const isList = Symbol.iterator in given;
    const entries = isList
      ? [...(given as Iterable<Iterable<unknown>>)].map((pair) => [...pair])
      : Object.entries(given);
    return entries.map(([name, value]) => [String(name), String(value)]);
  }
  const text = given === undefined ? '' : String(given).replace(/^\?/, '');
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at === -1 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
    });
}

export class GuestSearchParams {
  #pairs: [string, string][];
  #changed: () => void = () => undefined;
  constructor(given?: unknown) {
    this.#pairs = pairsOf(given);
  }
  /** For the URL that these belong to. */
  static of(search: string, changed: () => void): GuestSearchParams {
    const made = new GuestSearchParams(search);
    made.#changed = changed;
    return made;
  }
  static refill(params: GuestSearchParams, search: string): void {
    params.#pairs = pairsOf(search);
  }
  get size(): number {
    return this.#pairs.length;
  }
  append(name: string, value: unknown): void {
    this.#pairs.push([String(name), String(value)]);
    this.#changed();
  }
  delete(name: string, value?: unknown): void {
    this.#pairs = this.#pairs.filter(([key, held]) => key !== name || (value !== undefined && held !== String(value)));
    this.#changed();
  }
  get(name: string): string | null {
    return this.#pairs.find(([key]) => key === name)?.[1] ?? null;
  }
  getAll(name: string): string[] {
    return this.#pairs.filter(([key]) => key === name).map(([, value]) => value);
  }
  has(name: string, value?: unknown): boolean {
    return this.#pairs.some(([key, held]) => key === name && (value === undefined || held === String(value)));
  }
  set(name: string, value: unknown): void {
    const first = this.#pairs.find(([key]) => key === name);
    if (first) first[1] = String(value);
    this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== name);
    if (!first) this.#pairs.push([String(name), String(value)]);
    this.#changed();
  }
  sort(): void {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }
  forEach(callback: (value: string, name: string, all: GuestSearchParams) => void): void {
    for (const [name, value] of this.#pairs) callback(value, name, this);
  }
  *entries(): Generator<[string, string]> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
  *keys(): Generator<string> {
    for (const [name] of this.#pairs) yield name;
  }
  *values(): Generator<string> {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator](): Generator<[string, string]> {
    return this.entries();
  }
  toString(): string {
    return this.#pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  }
  [CUSTOM](): string {
    const pairs = this.#pairs.map(([name, value]) => `${inspect(name)} => ${inspect(value)}`);
    return pairs.length === 0 ? 'URLSearchParams {}' : `URLSearchParams { ${pairs.join(', ')} }`;
  }
}

export class GuestUrl {
  #parts: Parts;
  readonly #params: GuestSearchParams;
  constructor(href: unknown, base?: unknown) {
    const parts = partsOf(String(href), base === undefined ? undefined : String(base));
    if (!parts) {
      throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: String(href) });
    }
    this.#parts = parts;
    this.#params = GuestSearchParams.of(parts.search, () => {
      this.#parts =
        partsOf(this.#parts.href, undefined, { name: 'search', value: String(this.#params) }) ?? this.#parts;
    });
  }
  static canParse(href: unknown, base?: unknown): boolean {
    return partsOf(String(href), base === undefined ? undefined : String(base)) !== null;
  }
  static parse(href: unknown, base?: unknown): GuestUrl | null {
    return GuestUrl.canParse(href, base) ? new GuestUrl(href, base) : null;
  }
  static part(url: GuestUrl, name: keyof Parts): string {
    return url.#parts[name];
  }
  static change(url: GuestUrl, name: string, value: string): void {
    url.#parts = partsOf(url.#parts.href, undefined, { name, value }) ?? url.#parts;
    GuestSearchParams.refill(url.#params, url.#parts.search);
  }
  get origin(): string {
    return this.#parts.origin;
  }
  get searchParams(): GuestSearchParams {
    return this.#params;
  }
  toString(): string {
    return this.#parts.href;
  }
  toJSON(): string {
    return this.#parts.href;
  }
  [CUSTOM](_depth: number, options: object): string {
    const {
      href,
      origin,
      protocol,
      username,
      password,
      host: place,
      hostname,
      port,
      pathname,
      search,
      hash,
    } = this.#parts;
    const shown = { href, origin, protocol, username, password, host: place, hostname, port, pathname, search };
    return `URL ${inspect({ ...shown, searchParams: this.#params, hash }, options)}`;
  }
}
for (const name of SETTABLE) {
  Object.defineProperty(GuestUrl.prototype, name, {
    get(this: GuestUrl) {
      return GuestUrl.part(this, name);
    },
    set(this: GuestUrl, value: unknown) {
      GuestUrl.change(this, name, String(value));
    },
    enumerable: true,
    configurable: true,
  });
}

export const urlGlobals = { URL: GuestUrl, URLSearchParams: GuestSearchParams };
for (const [name, value] of Object.entries(urlGlobals)) Object.defineProperty(value, 'name', { value: name });
