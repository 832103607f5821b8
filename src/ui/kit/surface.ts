/** Makes an open shadow root on `host` with `css` as its only style; nothing of it reaches the page and nothing of the page's styles comes in. */
export function openSurface(host: HTMLElement, css: string): ShadowRoot {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Firefox's content scripts may not adopt sheets made in their own realm: a style element does the same.
    const style = document.createElement('style');
    style.textContent = css;
    root.append(style);
  }
  return root;
}
