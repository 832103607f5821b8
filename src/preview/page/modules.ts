import { parse } from 'es-module-lexer/js';
import { type Files, textOf } from './files.ts';
import { renameLocation } from './scripts.ts';

/**
 * Modules of the server: what one imports is named by its whole address, and a map of imports says where in this frame that is,
 * so circles are no trouble. What `import()` computes is in no map, and fails.
 */
export class Modules {
  readonly #files: Files;
  readonly #places = new Map<string, string>();
  readonly #begun = new Set<string>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** The text of a module as it can stand in this document; all that it imports is read first. */
  async prepare(written: string, base: string): Promise<string> {
    const source = renameLocation(written, 'module');
    const cuts: { readonly start: number; readonly end: number; readonly text: string }[] = [];
    const needed: Promise<unknown>[] = [];
    for (const each of importsOf(source)) {
      if (each.type === 'import-meta') {
        cuts.push({ ...each, text: `({ url: ${JSON.stringify(base)} })` });
        continue;
      }
      if (each.specifier === undefined || !/^(\.{0,2}\/|https?:)/.test(each.specifier)) continue;
      const url = this.#files.own(each.specifier, base);
      if (!url) continue;
      needed.push(this.load(url));
      const quoted = JSON.stringify(url.href);
      cuts.push({ ...each, text: each.type === 'dynamic' ? quoted : quoted.slice(1, -1) });
    }
    await Promise.all(needed);
    let text = '';
    let upTo = 0;
    for (const cut of cuts) {
      text += source.slice(upTo, cut.start) + cut.text;
      upTo = cut.end;
    }
    return text + source.slice(upTo);
  }

  async load(url: URL): Promise<void> {
    const { href } = url;
    if (this.#begun.has(href)) return;
    this.#begun.add(href);
    const response = await this.#files.read(url);
    if (response)
      this.#places.set(href, this.#files.put(await this.prepare(textOf(response), href), 'text/javascript'));
  }

  /** What a page's own map names leads to the same places. */
  async map(own: string | null, base: string): Promise<string> {
    const imports: Record<string, string> = {};
    for (const [name, address] of Object.entries(ownImports(own))) {
      const url = this.#files.own(address, base);
      if (!url) continue;
      await this.load(url);
      const place = this.#places.get(url.href);
      if (place !== undefined) imports[name] = place;
    }
    for (const [name, place] of this.#places) imports[name] = place;
    return JSON.stringify({ imports });
  }
}

function importsOf(source: string): ReturnType<typeof parse>[0] {
  try {
    return parse(source)[0];
  } catch {
    return []; // no module as it stands: the browser says where
  }
}

function ownImports(text: string | null): Readonly<Record<string, string>> {
  try {
    const { imports = {} } = JSON.parse(text ?? '{}') as { readonly imports?: Record<string, string> };
    return imports;
  } catch {
    return {}; // as a browser does with a map that it cannot read
  }
}
