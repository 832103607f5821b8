import { LIMITS } from '../../contracts/limits.ts';
import type { PreviewRequest } from '../../contracts/preview.ts';
import type { Desk } from './desk.ts';
import type { Files } from './files.ts';

interface Entry {
  readonly url: URL;
  readonly state: unknown;
}

const GET = { method: 'GET', headers: [], body: null } as const;

/** Where a page is on its server and where it goes: the frame itself stays where it is, and its own history is the extension's. */
export class Whereabouts {
  readonly #scope: Window & typeof globalThis;
  readonly #desk: Desk;
  readonly #files: Files;
  readonly #entries: Entry[];
  #at = 0;

  constructor(scope: Window & typeof globalThis, desk: Desk, files: Files, address: string) {
    this.#scope = scope;
    this.#desk = desk;
    this.#files = files;
    this.#entries = [{ url: new URL(address), state: null }];
  }

  get url(): URL {
    return new URL(this.#here.url);
  }

  get state(): unknown {
    return this.#here.state;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Another page of the server, or another place in this one; the host says what it thinks of any other address. */
  go(address: string, request: Omit<PreviewRequest, 'path'> = GET): void {
    const { baseURI } = this.#scope.document;
    if (!URL.canParse(address, baseURI)) return;
    const url = this.#files.own(address, baseURI);
    if (!url) return this.#leadOutside(new URL(address, baseURI).href);
    if (request === GET && url.hash !== '' && withoutHash(url) === withoutHash(this.#here.url))
      return this.#goWithin(url);
    this.#load(url, request);
  }

  reload(): void {
    this.#load(this.#here.url, GET);
  }

  /** What `pushState` and `replaceState` do; throws for what is not the server's, as they do. */
  put(state: unknown, address: string | null, isNew: boolean): void {
    const url = address === null ? this.#here.url : this.#files.own(address, this.#scope.document.baseURI);
    if (!url) throw new DOMException('A page can take only addresses of its own server.', 'SecurityError');
    this.#enter({ url, state: structuredClone(state) }, isNew);
    this.#desk.tell({ op: 'address', path: url.pathname + url.search });
  }

  step(by: number): void {
    const entry = this.#entries[this.#at + by];
    if (by === 0) return this.reload();
    if (!entry) return;
    const before = this.#here.url;
    this.#at += by;
    this.#desk.tell({ op: 'address', path: entry.url.pathname + entry.url.search });
    this.#scope.setTimeout(() => {
      this.#scope.dispatchEvent(new PopStateEvent('popstate', { state: entry.state }));
      if (before.hash !== entry.url.hash) this.#tellHash(before);
    });
  }

  get #here(): Entry {
    return this.#entries[this.#at] as Entry;
  }

  /** Behind what the same task of the page stored, which is told in a microtask: the page is gone once it went on. */
  #load(url: URL, request: Omit<PreviewRequest, 'path'>): void {
    const path = url.pathname + url.search;
    queueMicrotask(() =>
      queueMicrotask(() => {
        if (!this.#desk.tell({ op: 'go', request: { ...request, path } })) this.#leadOutside(url.href);
      }),
    );
  }

  #leadOutside(address: string): void {
    this.#desk.tell({ op: 'outside', address: address.slice(0, LIMITS.previewPathUtf16.standard) });
  }

  #goWithin(url: URL): void {
    const before = this.#here.url;
    if (before.hash !== url.hash) {
      this.#enter({ url, state: null }, true);
      this.#scope.setTimeout(() => this.#tellHash(before));
    }
    scrollTo(this.#scope.document, url.hash);
  }

  #enter(entry: Entry, isNew: boolean): void {
    if (isNew) this.#at += 1;
    this.#entries.splice(this.#at, isNew ? Infinity : 1, entry);
  }

  #tellHash(before: URL): void {
    const change = { oldURL: before.href, newURL: this.#here.url.href };
    this.#scope.dispatchEvent(new HashChangeEvent('hashchange', change));
  }
}

const withoutHash = ({ origin, pathname, search }: URL): string => origin + pathname + search;

function scrollTo(document: Document, fragment: string): void {
  const name = fragment.slice(1);
  const at = document.getElementById(name) ?? document.getElementById(decoded(name));
  if (at) at.scrollIntoView();
  else if (name === '' || name === 'top') document.documentElement.scrollIntoView();
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // no such element either
  }
}
