/** The selection, where all of it is within the node. */
export function rangeIn(node: HTMLElement): Range | null {
  const selection = getSelection();
  if (selection === null || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return node.contains(range.startContainer) && node.contains(range.endContainer) ? range : null;
}
