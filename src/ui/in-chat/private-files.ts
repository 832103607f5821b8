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

/**
 * Takes drags over our own elements away from the page. For a listener that stands before those of the page, in the capture
 * phase of the window.
 */
export function createDragTaker(find: (path: readonly EventTarget[]) => DropTarget | null): (event: DragEvent) => void {
  let over: HTMLElement | null = null;
  const mark = (element: HTMLElement | null) => {
    if (over !== element) over?.removeAttribute('data-dropping');
    over = element;
    element?.setAttribute('data-dropping', '');
  };
  return (event) => {
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
}
