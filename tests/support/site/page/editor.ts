import type { EditorModel, InputWay, TextRange } from './editor-model.ts';
import { element } from './element.ts';
import { report } from './report.ts';

const typingMs = 1000;

export interface EditorOptions {
  readonly model: EditorModel;
  readonly attributes: Record<string, string>;
  readonly pasteLimit: number;
  readonly refusesUntrustedPaste: boolean;
  /** What `insertHTML` puts into the nodes is not taken. */
  readonly refusesMarkup: boolean;
  readonly onChange: () => void;
  readonly onEnter: () => void;
  readonly onLongPaste: (text: string) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

const ways: Readonly<Record<string, InputWay>> = {
  insertText: 'typed',
  insertReplacementText: 'typed',
  insertLineBreak: 'line',
  insertParagraph: 'paragraph',
};

/**
 * A contenteditable with a state of its own, fed by keys and pastes only. Text that somebody else puts into its
 * nodes is not taken, and goes with the next key.
 */
export class Editor {
  readonly node: HTMLElement;
  #lastKeyAt = Number.NEGATIVE_INFINITY;
  readonly #model: EditorModel;
  readonly #options: EditorOptions;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#model = options.model;
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
      if (event.isTrusted && event instanceof InputEvent) this.#onInput(event);
    });
    this.node.addEventListener('paste', (event) => {
      this.#onPaste(event);
    });
    this.#draw(null);
  }

  /** What a person reads. */
  get text(): string {
    return this.#model.text;
  }

  /** What the site stores. */
  get sent(): string {
    return this.#model.sent;
  }

  clear(): void {
    this.#model.clear();
    this.#draw(null);
    this.#options.onChange();
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
    const way = ways[event.inputType];
    if (way === undefined || (way === 'typed' && event.data === null)) return;
    event.preventDefault();
    this.#replace(way === 'typed' ? (event.data ?? '') : '\n', caret, way);
  }

  /** What the browser has done to the nodes by itself: deleting, composing, and commands of scripts. */
  #onInput(event: InputEvent): void {
    const { inputType } = event;
    let caret = this.#model.selectionIn(this.node)?.end ?? this.#model.text.length;
    // `insertHTML` has no type of its own.
    const isMarkup = !inputType.startsWith('delete') && !inputType.startsWith('insert');
    if (inputType in ways) caret = this.#model.takeTyped(this.node);
    else if (!isMarkup || !this.#options.refusesMarkup) this.#model.take(this.node);
    const { length } = this.#model.text;
    this.#draw(isMarkup ? length : Math.min(caret, length));
    this.#options.onChange();
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
    this.#replace(text, this.#restore(), 'pasted');
  }

  /** Puts the own text back where somebody changed the nodes; answers with the selection in the own text. */
  #restore(): TextRange {
    const { length } = this.#model.text;
    const range = this.#model.selectionIn(this.node) ?? { start: length, end: length };
    if (this.#model.isShown(this.node)) return range;
    this.#draw(length);
    return { start: length, end: length };
  }

  #replace(text: string, range: TextRange, way: InputWay): void {
    const caret = this.#model.replace(range, text, way);
    this.#draw(caret);
    this.#options.onChange();
  }

  #draw(caret: number | null): void {
    this.#model.draw(this.node);
    if (caret !== null && document.activeElement === this.node) this.#model.placeCaret(this.node, caret);
  }
}
