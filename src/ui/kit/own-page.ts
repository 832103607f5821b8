/** For a page of the extension that takes files: its styles, the system's theme, and no file that opens where it fell. */
export function dressOwnPage(document: Document, styles: string, signal: AbortSignal): void {
  const style = document.createElement('style');
  style.textContent = styles;
  document.head.append(style);
  followTheme(document, signal);
  keepFilesFromOpening(signal);
}

function followTheme(document: Document, signal: AbortSignal): void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const update = () => document.documentElement.setAttribute('data-theme', query.matches ? 'dark' : 'light');
  query.addEventListener('change', update, { signal });
  update();
}

/** A file that falls beside the zone would be opened by the browser, in place of the page. */
function keepFilesFromOpening(signal: AbortSignal): void {
  const keep = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };
  for (const kind of ['dragover', 'drop'] as const) window.addEventListener(kind, keep, { signal });
}
