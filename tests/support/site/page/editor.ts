import { element } from './element.ts';
import { report } from './report.ts';

const typingMs = 1000;

export interface EditorOptions {
  readonly attributes: Record<string, string>;
  readonly placeholder: string;
  readonly pasteLimit: number;
  readonly refusesUntrustedPaste: boolean;
  readonly onChange: (text: string) => void;
  readonly onEnter: () => void;
  readonly onLongPaste: (text: string) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/**
 * A contenteditable with a state of its own, fed by keys and pastes only. Text that somebody else puts into its
 * nodes is not taken, and goes with the next key.
 */
export class Editor {
  readonly node: HTMLElement;
  #text = '';
  #lastKeyAt = Number.NEGATIVE_INFINITY;
  readonly #options: EditorOptions;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.node = element('div', {
      contenteditable: 'true',
      role: 'textbox',
      'aria-multiline': 'true',
      class: 'ProseMirror',
      translate: 'no',
      ...options.attributes,
    });
    this.node.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.node.addEventListener('beforeinput', (event) => {
      this.#onBeforeInput(event);
    });
    this.node.addEventListener('input', (event) => {
      if (event.isTrusted) this.#take(readLines(this.node));
    });
    this.node.addEventListener('paste', (event) => {
      this.#onPaste(event);
    });
    this.#draw(null);
  }

  get text(): string {
    return this.#text;
  }

  clear(): void {
    this.#text = '';
    this.#draw(null);
    this.#options.onChange('');
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isTrusted) this.#lastKeyAt = event.timeStamp;
    this.#restore();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (event.isTrusted) this.#options.onEnter();
    else report('untrusted-send', { by: 'Enter' });
  }

  #onBeforeInput(event: InputEvent): void {
    if (!event.isTrusted || event.isComposing) return;
    const caret = this.#restore();
    const isText = event.inputType === 'insertText' || event.inputType === 'insertReplacementText';
    const isBreak = event.inputType === 'insertLineBreak' || event.inputType === 'insertParagraph';
    if (!isBreak && !(isText && event.data !== null)) return;
    event.preventDefault();
    this.#replace(isBreak ? '\n' : (event.data ?? ''), caret);
  }

  #onPaste(event: ClipboardEvent): void {
    event.preventDefault();
    if (!event.isTrusted) {
      const isTyping = document.activeElement === this.node && event.timeStamp - this.#lastKeyAt < typingMs;
      if (isTyping) report('inserted-while-typing', {});
      if (this.#options.refusesUntrustedPaste) return;
    }
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) return this.#options.onFiles(files);
    const text = (event.clipboardData?.getData('text/plain') ?? '').replaceAll('\r\n', '\n');
    if (text.length > this.#options.pasteLimit) return this.#options.onLongPaste(text);
    this.#replace(text, this.#restore());
  }

  /** Puts the own text back where somebody changed the nodes; answers with the selection in the own text. */
  #restore(): { start: number; end: number } {
    const range = selectionIn(this.node) ?? { start: this.#text.length, end: this.#text.length };
    if (readLines(this.node) === this.#text) return range;
    this.#draw(this.#text.length);
    return { start: this.#text.length, end: this.#text.length };
  }

  #replace(text: string, { start, end }: { start: number; end: number }): void {
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    this.#draw(start + text.length);
    this.#options.onChange(this.#text);
  }

  #take(text: string): void {
    const caret = selectionIn(this.node)?.end ?? text.length;
    this.#text = text;
    this.#draw(caret);
    this.#options.onChange(text);
  }

  /** Draws the lines from the first on that does not stand there as it would be drawn. */
  #draw(caret: number | null): void {
    const lines = this.#text.split('\n');
    const other = lines.findIndex((line, at) => !isDrawn(this.node.childNodes[at], line));
    const kept = other === -1 ? lines.length : other;
    const added = lines.slice(kept).map((line) => {
      const body = line === '' ? element('br', { class: 'ProseMirror-trailingBreak' }) : line;
      return element(
        'p',
        this.#text === '' ? { class: 'placeholder', 'data-placeholder': this.#options.placeholder } : {},
        body,
      );
    });
    for (const line of [...this.node.childNodes].slice(kept)) line.remove();
    this.node.append(...added);
    if (caret === null || document.activeElement !== this.node) return;
    let rest = caret;
    for (const [at, { length }] of lines.entries()) {
      if (rest <= length) {
        const line = this.node.childNodes[at] ?? this.node;
        const target = line.firstChild instanceof Text ? line.firstChild : line;
        getSelection()?.collapse(target, target instanceof Text ? rest : 0);
        return;
      }
      rest -= length + 1;
    }
  }
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

function selectionIn(node: HTMLElement): { start: number; end: number } | null {
  const selection = getSelection();
  if (selection === null || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!node.contains(range.startContainer) || !node.contains(range.endContainer)) return null;
  return {
    start: offsetOf(node, range.startContainer, range.startOffset),
    end: offsetOf(node, range.endContainer, range.endOffset),
  };
}

function offsetOf(node: HTMLElement, container: Node, offset: number): number {
  const before = document.createRange();
  before.setStart(node, 0);
  before.setEnd(container, offset);
  const lineIndex =
    container === node ? Math.max(0, offset - 1) : [...node.childNodes].findIndex((child) => child.contains(container));
  return before.toString().length + Math.max(0, lineIndex);
}
