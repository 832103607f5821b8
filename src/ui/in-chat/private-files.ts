/** Held until the next choice: nothing else refers to a field outside the document while the browser's window is open. */
let chooser: HTMLInputElement | null = null;

/** Lets the person choose files. The field stands in no document: no listener of the page is on the way of its events. */
export function chooseFiles(onFiles: (files: readonly File[]) => void): void {
  const field = document.createElement('input');
  chooser = field;
  field.type = 'file';
  field.multiple = true;
  field.addEventListener('change', () => {
    if (chooser === field) chooser = null;
    onFiles([...(field.files ?? [])]);
  });
  field.click();
}

export interface DropTarget {
  readonly element: HTMLElement;
  readonly onFiles: (files: readonly File[]) => void;
}

const DRAG_EVENTS = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;

/**
 * Takes drags over our own elements away from the page. Must be called at document_start: listeners of one target run
 * in the order of their adding, and these have to stand before those of the page, in the capture phase of the window.
 */
export function watchDrops(
  target: Window,
  find: (path: readonly EventTarget[]) => DropTarget | null,
  options: { readonly signal: AbortSignal },
): void {
  let over: HTMLElement | null = null;
  const mark = (element: HTMLElement | null) => {
    if (over !== element) over?.removeAttribute('data-dropping');
    over = element;
    element?.setAttribute('data-dropping', '');
  };
  const take = (event: DragEvent) => {
    const drop = find(event.composedPath());
    if (drop === null) return mark(null);
    // Text dragged within the page is the page's; only files are ours.
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === 'drop') {
      mark(null);
      // A script of the page can dispatch a made-up drop; it must not fill the person's folder.
      if (event.isTrusted) drop.onFiles([...event.dataTransfer.files]);
    } else if (event.type === 'dragleave') mark(null);
    else {
      event.dataTransfer.dropEffect = 'copy';
      mark(drop.element);
    }
  };
  for (const kind of DRAG_EVENTS) target.addEventListener(kind, take, { capture: true, signal: options.signal });
}
