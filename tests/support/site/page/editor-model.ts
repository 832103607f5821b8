/** A selection in the text of an editor, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** How text comes into an editor: by keys, by a paste, or as one end of a line or a paragraph. */
export type InputWay = 'typed' | 'pasted' | 'line' | 'paragraph';

/** The state of an editor, and how it is drawn and read. */
export interface EditorModel {
  /** What a person reads, one line a line. */
  readonly text: string;
  /** What the site stores of it. */
  readonly sent: string;
  clear(): void;
  /** Puts text in the place of a selection and answers where the caret is then. */
  replace(range: TextRange, text: string, way: InputWay): number;
  /** Takes what the nodes show, for what browsers do to them by themselves. */
  take(node: HTMLElement): void;
  /** Takes what is new in the nodes as typed, and answers where the caret is then. */
  takeTyped(node: HTMLElement): number;
  /** Whether the nodes show this state and nothing else. */
  isShown(node: HTMLElement): boolean;
  draw(node: HTMLElement): void;
  selectionIn(node: HTMLElement): TextRange | null;
  placeCaret(node: HTMLElement, caret: number): void;
}
