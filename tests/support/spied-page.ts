import type { Page } from 'puppeteer-core';

/** Has scripts of a page write down everything that they can learn by listeners and by looking. */
export async function spyOn(page: Page): Promise<void> {
  await page.evaluate(() => {
    const learned: string[] = [];
    Object.assign(window, { learned });
    const kinds =
      'keydown keyup keypress beforeinput input change compositionupdate paste copy cut dragstart drop submit select';
    for (const kind of kinds.split(' ')) {
      const learn = (event: Event): void => {
        const { key, data } = event as Event & { key?: string; data?: string };
        learned.push(`${kind} ${key ?? ''} ${data ?? ''}`);
        for (const target of event.composedPath()) {
          if (target instanceof HTMLInputElement && target.type === 'file')
            for (const one of target.files ?? []) void one.text().then((text) => learned.push(text));
        }
      };
      window.addEventListener(kind, learn, true);
      document.addEventListener(kind, learn, true);
    }
    const { navigation } = window as unknown as { navigation?: EventTarget };
    const learnSaved = (event: Event): void => {
      const { url } = (event as Event & { destination: { url: string } }).destination;
      if (!url.startsWith('blob:')) return;
      // Whoever knows the address can read the bytes: as a picture, in a frame, or where the site's policy lets it, at once.
      learned.push(`saved ${url}`);
    };
    // Listeners for the capture phase come before all others.
    for (const capture of [true, false]) navigation?.addEventListener('navigate', learnSaved, { capture });
    class Grabbed extends HTMLElement {
      constructor() {
        super();
        const { shadowRoot } = this.attachInternals();
        if (shadowRoot !== null) learned.push(`internals ${shadowRoot.textContent}`);
      }
    }
    customElements.define('chatgpt-companion-card', Grabbed);
  });
}

/** What they learned, a line each. */
export const learnedBy = (page: Page): Promise<string> =>
  page.evaluate(() => (window as unknown as { learned: string[] }).learned.join('\n'));

export const forget = async (page: Page): Promise<void> => {
  await page.evaluate(() => (window as unknown as { learned: string[] }).learned.splice(0));
};

/** What looking gives the page of an element: its root, its markup, its text, and its text as a selection. */
export const lookAt = (page: Page, selector: string): Promise<unknown[]> =>
  page.evaluate((of) => {
    const host = document.querySelector(of);
    const selection = getSelection();
    if (host !== null) selection?.selectAllChildren(host);
    return [host?.shadowRoot, host?.innerHTML, (host as HTMLElement).innerText, selection?.toString()];
  }, selector);
