import { browser } from 'wxt/browser';

/**
 * How long a content script lives: until a later one of the same name starts on the page, as after an update. The build
 * puts it in the place of WXT's class of this name (wxt.config.ts), of which nothing else was used; that one also told the
 * page's own scripts that we are here.
 */
export class ContentScriptContext {
  readonly signal: AbortSignal;

  constructor(name: string) {
    const ended = new AbortController();
    const started = `${browser.runtime.id}:${name}:started`;
    document.dispatchEvent(new Event(started));
    document.addEventListener(started, () => ended.abort(), { once: true });
    this.signal = ended.signal;
  }
}
