/** No string: an element of the page with that id would stand in its place. */
const LIVES = Symbol.for('chatgpt-companion.lives');
/** Of this world, which a second start of the script shares and no script of the page sees. */
const world = globalThis as { [LIVES]?: Record<string, AbortController> };

/**
 * How long a content script lives: until a later one of the same name starts in its world. The build puts it in the place
 * of WXT's class of this name (wxt.config.ts), of which nothing else was used; that one spoke of us on the page's own
 * document, where any script could hear it and end us.
 */
export class ContentScriptContext {
  readonly signal: AbortSignal;

  constructor(name: string) {
    const lives = (world[LIVES] ??= {});
    lives[name]?.abort();
    this.signal = (lives[name] = new AbortController()).signal;
  }
}
