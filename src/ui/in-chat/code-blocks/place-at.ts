/** A viewer of code belongs to the page's editor, which takes out what is not its own. */
const VIEWER = '.cm-editor';

/** Puts an element of ours at the end of a block: inside it, or behind a viewer that stands alone. */
export function placeAt(block: Element, element: Element): void {
  if (block.matches(VIEWER)) block.after(element);
  else block.append(element);
}

/** Whether it stands where `placeAt` puts it. */
export const isPlacedAt = (block: Element, element: Element): boolean =>
  block.matches(VIEWER) ? block.nextElementSibling === element : element.parentElement === block;
