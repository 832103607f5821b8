import type { CookieJar } from 'tough-cookie';
import { LIMITS } from '../contracts/limits.ts';
import type { HeaderList } from '../contracts/preview.ts';

/** The cookies of one server, as a browser keeps them, for the life of the preview. What loads a jar is the first of them. */
export class Cookies {
  readonly #origin: string;
  #jar: CookieJar | null = null;
  /** One after the other: a request has what was set before it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The headers of a request with the cookies for its path; those that a page names itself are none. */
  sentWith(headers: HeaderList, path: string): Promise<HeaderList> {
    return this.#inTurn(async () => {
      const own = headers.filter(([name]) => name !== 'cookie');
      const text = await this.#text(path, true);
      return text === '' ? own : [...own, ['cookie', text]];
    });
  }

  /** Keeps what an answer from this path gives. */
  take(headers: HeaderList, path: string): Promise<void> {
    return this.#inTurn(async () => {
      for (const [name, text] of headers) if (name === 'set-cookie') await this.#put(text, path, true);
    });
  }

  /** What a script of a page at this path sets: none of those that are the server's alone. */
  set(text: string, path: string): Promise<void> {
    return this.#inTurn(() => this.#put(text, path, false));
  }

  /** What scripts of a page at this path see. */
  visible(path: string): Promise<string> {
    return this.#inTurn(() => this.#text(path, false));
  }

  /** What is no cookie, or one too many, is dropped, as a browser drops it. */
  async #put(text: string, path: string, http: boolean): Promise<void> {
    if (text.length > LIMITS.previewCookieUtf16.standard) return;
    // A head of a request holds no letter beyond these.
    if (/[^\t\u0020-\u00ff]/.test(text)) return;
    const { Cookie, CookieJar, defaultPath } = await import('tough-cookie');
    // There is one host, of no registry.
    this.#jar ??= new CookieJar(null, { rejectPublicSuffixes: false, looseMode: true });
    const cookie = Cookie.parse(text, { loose: true });
    const kept = await this.#jar.getCookies(this.#origin, { allPaths: true });
    // Browsers take none that is neither name nor value.
    if (!cookie || (cookie.key === '' && cookie.value === '')) return;
    const at = cookie.path ?? defaultPath(path.split('?')[0]);
    const isKnown = kept.some((one) => one.key === cookie.key && one.path === at);
    if (kept.length >= LIMITS.previewCookies.standard && !isKnown) return;
    await this.#jar.setCookie(cookie, this.#origin + path, { http, ignoreError: true });
  }

  /** As many as a server takes in one head. */
  async #text(path: string, http: boolean): Promise<string> {
    const text = (await this.#jar?.getCookieString(this.#origin + path, { http })) ?? '';
    const most = LIMITS.previewCookieHeaderUtf16.standard;
    return text.length > most ? text.slice(0, text.lastIndexOf('; ', most)) : text;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined); // who asked is told
    return done;
  }
}
