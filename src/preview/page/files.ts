import { toBase64 } from '../../base/index.ts';
import type { PreviewResponse } from '../../contracts/preview.ts';
import type { Desk } from './desk.ts';
import { ownAddress } from '../own-address.ts';
import { placeAddresses } from './css.ts';
import { renameLocation } from './scripts.ts';

/** The server's files as addresses of this frame: each is asked for once. */
export class Files {
  readonly #desk: Desk;
  readonly #origin: string;
  readonly #known = new Map<string, Promise<string | null>>();
  readonly #createUrl = URL.createObjectURL.bind(URL);

  constructor(desk: Desk, origin: string) {
    this.#desk = desk;
    this.#origin = origin;
  }

  /** Absolute where it is the server's own; null for what is elsewhere or nothing to ask for. */
  own(address: string, base: string): URL | null {
    return ownAddress(address, base, this.#origin);
  }

  /** An address from which an element may load that asks as for another origin; null where the server has no such file. */
  place(address: string, base: string): Promise<string | null> {
    return this.#once('file', address, base, async (url) => {
      const response = await this.read(url);
      return response && this.put(response.body, typeOf(response));
    });
  }

  /** The same for a classic script. */
  placeScript(address: string, base: string): Promise<string | null> {
    return this.#once('script', address, base, async (url) => {
      const response = await this.read(url);
      return response && this.put(renameLocation(textOf(response), 'script'), 'text/javascript');
    });
  }

  /** The same for a style sheet, with what it names. */
  placeSheet(address: string, base: string): Promise<string | null> {
    return this.#once('sheet', address, base, async (url) => {
      const text = await this.#readSheet(url, []);
      return text === null ? null : this.put(text, 'text/css');
    });
  }

  /**
   * An address that holds the file itself, for what cannot ask as for another origin: Firefox gives that nothing of a blob of an
   * opaque origin, under the policy that the extension's pages have for embedders.
   */
  placeWhole(address: string, base: string): Promise<string | null> {
    return this.#once('whole', address, base, async (url) => {
      const response = await this.read(url);
      return response && wholeAddress(response.body, typeOf(response) || 'application/octet-stream');
    });
  }

  /** A sheet's text with the files it names in it. `within`: the sheets that import it. */
  sheet(css: string, base: string, within: readonly string[] = []): Promise<string> {
    return placeAddresses(css, async (address, kind) => {
      if (kind === 'file') return this.placeWhole(address, base);
      const url = this.own(address, base);
      const text = url && (await this.#readSheet(url, within));
      return text === null ? null : wholeAddress(new TextEncoder().encode(text), 'text/css;charset=utf-8');
    });
  }

  async #readSheet(url: URL, within: readonly string[]): Promise<string | null> {
    if (within.includes(url.href)) return null;
    const response = await this.read(url);
    return response && this.sheet(textOf(response), url.href, [...within, url.href]);
  }

  /** Null for what is no success: a page does without, as in a tab. */
  async read(url: URL): Promise<PreviewResponse | null> {
    const path = url.pathname + url.search;
    const answer = await this.#desk.ask({ method: 'GET', path, headers: [], body: null });
    return answer.kind === 'response' && answer.response.status < 400 ? answer.response : null;
  }

  put(content: BlobPart, type: string): string {
    return this.#createUrl(new Blob([content], { type }));
  }

  #once(
    kind: string,
    address: string,
    base: string,
    make: (url: URL) => Promise<string | null>,
  ): Promise<string | null> {
    const url = this.own(address, base);
    if (!url) return Promise.resolve(null);
    const key = `${kind} ${url.pathname}${url.search}`;
    const made = this.#known.get(key) ?? make(url);
    this.#known.set(key, made);
    return made.then((placed) => placed && placed + (kind === 'sheet' ? '' : url.hash));
  }
}

const wholeAddress = (bytes: Uint8Array, type: string): string =>
  `data:${type.replaceAll(/[\s,]/g, '')};base64,${toBase64(bytes)}`;

export const headerOf = ({ headers }: PreviewResponse, name: string): string =>
  headers.find(([each]) => each === name)?.[1] ?? '';

export const typeOf = (response: PreviewResponse): string => headerOf(response, 'content-type');

/** By the answer's charset; UTF-8 where none is named or none is known by that name. */
export function textOf(response: PreviewResponse): string {
  const named = /charset="?([\w-]+)/i.exec(typeOf(response))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(named).decode(response.body);
  } catch {
    return new TextDecoder().decode(response.body); // no browser knows the name
  }
}
