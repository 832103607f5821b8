const BLOCKS = new Set(['P', 'DIV', 'LI', 'PRE', 'BLOCKQUOTE', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6']);

function isFiller(node: Element): boolean {
  return node.localName === 'br' && node.classList.contains('ProseMirror-trailingBreak');
}

function write(node: Node, out: string[]): void {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      out.push(child.textContent ?? '');
      continue;
    }
    if (child.nodeType !== Node.ELEMENT_NODE) continue;
    const element = child as Element;
    if (element.localName === 'br') {
      if (!isFiller(element)) out.push('\n');
      continue;
    }
    write(element, out);
    if (BLOCKS.has(element.tagName) && element.nextElementSibling !== null) out.push('\n');
  }
}

/** The text of the site's editor: `<br>` and ends of blocks are line ends, the editor's filler break is none. */
export function readEditor(editor: Element): string {
  const out: string[] = [];
  write(editor, out);
  return out.join('');
}

/** The paragraph, or another block of text, that the editor ends with; the editor itself where it has none. */
export function lastParagraph(editor: Element): Element {
  let last = editor;
  for (let next = last.lastChild; next instanceof Element && BLOCKS.has(next.tagName); next = last.lastChild)
    last = next;
  return last;
}

/** Makes two readings comparable: one kind of line end, no-break spaces as spaces, no blanks at line ends. */
export function comparable(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/(?<![ \t])[ \t]+\n/g, '\n')
    .trimEnd();
}
