import type { EditorModel, TextRange } from './editor-model.ts';
import { element } from './element.ts';

/** Plain text, a paragraph a line: the composer of the older design. */
export class PlainModel implements EditorModel {
  readonly #placeholder: string;
  text = '';

  constructor(placeholder: string) {
    this.#placeholder = placeholder;
  }

  get sent(): string {
    return this.text;
  }

  clear(): void {
    this.text = '';
  }

  replace({ start, end }: TextRange, text: string): number {
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    return start + text.length;
  }

  take(node: HTMLElement): void {
    this.text = readLines(node);
  }

  takeTyped(node: HTMLElement): number {
    this.take(node);
    return this.selectionIn(node)?.end ?? this.text.length;
  }

  isShown(node: HTMLElement): boolean {
    return readLines(node) === this.text;
  }

  /** Draws the lines from the first on that does not stand there as it would be drawn. */
  draw(node: HTMLElement): void {
    const lines = this.text.split('\n');
    const other = lines.findIndex((line, at) => !isDrawn(node.childNodes[at], line));
    const kept = other === -1 ? lines.length : other;
    const added = lines.slice(kept).map((line) => {
      const body = line === '' ? element('br', { class: 'ProseMirror-trailingBreak' }) : line;
      return element(
        'p',
        this.text === '' ? { class: 'placeholder', 'data-placeholder': this.#placeholder } : {},
        body,
      );
    });
    for (const line of [...node.childNodes].slice(kept)) line.remove();
    node.append(...added);
  }

  selectionIn(node: HTMLElement): TextRange | null {
    const range = rangeIn(node);
    if (range === null) return null;
    return {
      start: offsetOf(node, range.startContainer, range.startOffset),
      end: offsetOf(node, range.endContainer, range.endOffset),
    };
  }

  placeCaret(node: HTMLElement, caret: number): void {
    let rest = caret;
    for (const [at, { length }] of this.text.split('\n').entries()) {
      if (rest <= length) {
        const line = node.childNodes[at] ?? node;
        const target = line.firstChild instanceof Text ? line.firstChild : line;
        getSelection()?.collapse(target, target instanceof Text ? rest : 0);
        return;
      }
      rest -= length + 1;
    }
  }
}

/** The selection, where all of it is within the node. */
export function rangeIn(node: HTMLElement): Range | null {
  const selection = getSelection();
  if (selection === null || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return node.contains(range.startContainer) && node.contains(range.endContainer) ? range : null;
}

/** Empty lines are drawn anew: they hold a filler, and the first one the placeholder. */
function isDrawn(node: Node | undefined, line: string): boolean {
  if (!(node instanceof HTMLParagraphElement) || node.attributes.length > 0 || node.childNodes.length !== 1)
    return false;
  return node.firstChild instanceof Text && line !== '' && node.firstChild.data === line;
}

function readLines(node: HTMLElement): string {
  const lines: string[] = [];
  for (const child of node.childNodes) {
    if (child instanceof HTMLBRElement) continue;
    lines.push(textWithin(child));
  }
  return lines.join('\n');
}

function textWithin(node: Node): string {
  if (node instanceof Text) return node.data;
  if (node instanceof HTMLBRElement)
    return node.classList.contains('ProseMirror-trailingBreak') || node.nextSibling === null ? '' : '\n';
  let text = '';
  for (const child of node.childNodes) {
    if (child instanceof HTMLDivElement || child instanceof HTMLParagraphElement) text += text === '' ? '' : '\n';
    text += textWithin(child);
  }
  return text;
}

function offsetOf(node: HTMLElement, container: Node, offset: number): number {
  const before = document.createRange();
  before.setStart(node, 0);
  before.setEnd(container, offset);
  const lineIndex =
    container === node ? Math.max(0, offset - 1) : [...node.childNodes].findIndex((child) => child.contains(container));
  return before.toString().length + Math.max(0, lineIndex);
}
