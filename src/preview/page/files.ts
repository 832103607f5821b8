import type { PreviewResponse } from '../../contracts/preview.ts';
import type { Desk } from './desk.ts';
import { placeAddresses } from './css.ts';

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
    if (!URL.canParse(address, base)) return null;
    const url = new URL(address, base);
    return url.origin === this.#origin ? url : null;
  }

  /** An address from which this document may load; null where the server has no such file. */
  place(address: string, base: string): Promise<string | null> {
    return this.#once('file', address, base, async (url) => {
      const response = await this.read(url);
      return response && this.put(response.body, typeOf(response));
    });
  }

  /** The same for a style sheet, with what it names. `within`: the sheets that import it. */
  placeSheet(address: string, base: string, within: readonly string[] = []): Promise<string | null> {
    return this.#once('sheet', address, base, async (url) => {
      if (within.includes(url.href)) return null;
      const response = await this.read(url);
      if (!response) return null;
      return this.put(await this.sheet(textOf(response), url.href, [...within, url.href]), 'text/css');
    });
  }

  /** A sheet's text with the files it names in their places. */
  sheet(css: string, base: string, within: readonly string[] = []): Promise<string> {
    return placeAddresses(css, (address, kind) =>
      kind === 'sheet' ? this.placeSheet(address, base, within) : this.place(address, base),
    );
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
    return made.then((placed) => placed && placed + (kind === 'file' ? url.hash : ''));
  }
}

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
