import type { EditorModel, InputWay, TextRange } from './editor-model.ts';
import { element } from './element.ts';
import {
  applyRules,
  blockOf,
  type BlockKind,
  type Cell,
  cellsOf,
  type EditorBlock,
  type Mark,
  runsOf,
  textOfCells,
  writeMarkdown,
} from './markdown-cells.ts';
import { rangeIn } from './range-in.ts';

const literalMark = 'data-prompt-literal-paste';
const leafTags = 'p, h1, h2, h3, h4, h5, h6, pre, div';

/** The composer of the new design: what is typed becomes Markdown, what is pasted stays as it is. */
export class MarkdownModel implements EditorModel {
  readonly #placeholder: string;
  #blocks: EditorBlock[] = [blockOf()];

  constructor(placeholder: string) {
    this.#placeholder = placeholder;
  }

  get text(): string {
    return this.#blocks.map(({ cells }) => textOfCells(cells)).join('\n');
  }

  get sent(): string {
    return writeMarkdown(this.#blocks);
  }

  clear(): void {
    this.#blocks = [blockOf()];
  }

  replace({ start, end }: TextRange, text: string, way: InputWay): number {
    const from = this.#at(start);
    const to = this.#at(end);
    const after = this.#blocks[to.block]?.cells.slice(to.cell) ?? [];
    const block = this.#blocks[from.block] ?? blockOf();
    block.cells = block.cells.slice(0, from.cell);
    this.#blocks.splice(from.block + 1, to.block - from.block);
    const place = { block: from.block, cell: from.cell };
    if (way === 'pasted') this.#push(place, cellsOf(text, block.kind !== 'pre'));
    else if (way === 'line') this.#push(place, cellsOf('\n', false));
    else for (const unit of text.split('')) this.#type(place, unit);
    const last = this.#blocks[place.block];
    if (last !== undefined) last.cells = [...last.cells, ...after];
    return this.#offset(place);
  }

  take(node: HTMLElement): void {
    wrapStrays(node);
    this.#blocks = readBlocks(node);
  }

  takeTyped(node: HTMLElement): number {
    wrapStrays(node);
    const { text } = this;
    const shown = readBlocks(node)
      .map(({ cells }) => textOfCells(cells))
      .join('\n');
    const most = Math.min(text.length, shown.length);
    let start = 0;
    while (start < most && text[start] === shown[start]) start += 1;
    let after = 0;
    while (after < most - start && text.at(-1 - after) === shown.at(-1 - after)) after += 1;
    return this.replace({ start, end: text.length - after }, shown.slice(start, shown.length - after), 'typed');
  }

  isShown(node: HTMLElement): boolean {
    return straysOf(node).length === 0 && keyOf(readBlocks(node)) === keyOf(this.#blocks);
  }

  draw(node: HTMLElement): void {
    const drawn: HTMLElement[] = [];
    let list: HTMLElement | null = null;
    let before: BlockKind | null = null;
    const isEmpty = this.#blocks.length === 1 && this.text === '' && this.#blocks[0]?.kind === 'p';
    for (const { kind, cells, order } of this.#blocks) {
      const attributes = isEmpty ? { class: 'placeholder', 'data-placeholder': this.#placeholder } : {};
      if (kind === 'ul' || kind === 'ol') {
        if (list === null || before !== kind) {
          list = kind === 'ul' ? element('ul') : element('ol', { start: String(order) });
          drawn.push(list);
        }
        list.append(element('li', {}, element('p', {}, ...drawCells(cells))));
      } else if (kind === 'quote') drawn.push(element('blockquote', {}, element('p', {}, ...drawCells(cells))));
      else if (kind === 'pre') drawn.push(element('pre', {}, element('code', {}, ...drawCells(cells))));
      else drawn.push(element(kind, attributes, ...drawCells(cells)));
      before = kind;
    }
    node.replaceChildren(...drawn);
  }

  selectionIn(node: HTMLElement): TextRange | null {
    const range = rangeIn(node);
    if (range === null) return null;
    return {
      start: offsetAt(node, range.startContainer, range.startOffset),
      end: offsetAt(node, range.endContainer, range.endOffset),
    };
  }

  placeCaret(node: HTMLElement, caret: number): void {
    let rest = caret;
    for (const block of leavesOf(node)) {
      const { length } = textIn(block);
      if (rest > length) {
        rest -= length + 1;
        continue;
      }
      for (const part of partsIn(block)) {
        const isText = part instanceof Text;
        const size = isText ? part.length : 1;
        if (isText && rest <= size) return void getSelection()?.collapse(part, rest);
        if (rest === 0) return collapseBefore(part);
        rest -= size;
      }
      const filler = block.querySelector('.ProseMirror-trailingBreak');
      return filler === null ? void getSelection()?.collapse(block, block.childNodes.length) : collapseBefore(filler);
    }
  }

  #at(offset: number): { block: number; cell: number } {
    let rest = offset;
    for (const [block, { cells }] of this.#blocks.entries()) {
      if (rest <= cells.length) return { block, cell: rest };
      rest -= cells.length + 1;
    }
    return { block: this.#blocks.length - 1, cell: this.#blocks.at(-1)?.cells.length ?? 0 };
  }

  #offset(place: { block: number; cell: number }): number {
    return this.#blocks.slice(0, place.block).reduce((sum, { cells }) => sum + cells.length + 1, place.cell);
  }

  #push(place: { block: number; cell: number }, cells: readonly Cell[]): void {
    const block = this.#blocks[place.block];
    if (block === undefined) return;
    block.cells = [...block.cells, ...cells];
    place.cell += cells.length;
  }

  #type(place: { block: number; cell: number }, unit: string): void {
    const block = this.#blocks[place.block];
    if (block === undefined) return;
    if (unit !== '\n' || block.kind === 'pre') {
      this.#push(place, cellsOf(unit, false));
      place.cell = applyRules(block, place.cell);
      return;
    }
    // A list and a quotation go on in the next paragraph, a heading does not.
    const kind = block.kind.startsWith('h') ? 'p' : block.kind;
    this.#blocks.splice(place.block + 1, 0, blockOf(kind));
    place.block += 1;
    place.cell = 0;
  }
}

function collapseBefore(node: ChildNode): void {
  const parent = node.parentNode;
  if (parent !== null) getSelection()?.collapse(parent, [...parent.childNodes].indexOf(node));
}

function drawCells(cells: readonly Cell[]): (Node | string)[] {
  const drawn = runsOf(cells).map(({ text, isLiteral, mark }): Node | string => {
    const lines = text.split('\n').flatMap((line, at) => (at === 0 ? [line] : [element('br'), line]));
    const parts = lines.filter((part) => part !== '');
    if (isLiteral) return element('span', { [literalMark]: '' }, ...parts);
    if (mark !== '') return element(mark, {}, ...parts);
    const fragment = document.createDocumentFragment();
    fragment.append(...parts);
    return fragment;
  });
  const needsFiller = cells.length === 0 || cells.at(-1)?.unit === '\n';
  return needsFiller ? [...drawn, element('br', { class: 'ProseMirror-trailingBreak' })] : drawn;
}

/** Where the caret is beside the paragraphs, browsers put text beside them. */
function straysOf(node: HTMLElement): ChildNode[] {
  return [...node.childNodes].filter(
    (child) => !(child instanceof HTMLElement && child.matches(`${leafTags}, ul, ol, blockquote`)),
  );
}

/** Makes a paragraph of what stands beside paragraphs, as an editor that reads its nodes does. */
function wrapStrays(node: HTMLElement): void {
  const strays = straysOf(node);
  // A line end alone is a filler of the browser's.
  if (strays.some((stray) => stray.textContent !== '')) node.append(element('p', {}, ...strays));
  else for (const stray of strays) stray.remove();
}

/** The paragraphs of an editor; text that stands in none of them counts as one. */
function leavesOf(node: HTMLElement): HTMLElement[] {
  const leaves = [...node.querySelectorAll<HTMLElement>(leafTags)].filter(
    (leaf) => leaf.querySelector(leafTags) === null,
  );
  return leaves.length === 0 ? [node] : leaves;
}

/** Text and line ends in a paragraph, without what browsers and editors fill it with. */
function partsIn(block: HTMLElement): (Text | HTMLBRElement)[] {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const parts: (Text | HTMLBRElement)[] = [];
  for (let at = walker.nextNode(); at !== null; at = walker.nextNode()) {
    if (at instanceof Text) parts.push(at);
    else if (at instanceof HTMLBRElement && !at.classList.contains('ProseMirror-trailingBreak')) parts.push(at);
  }
  return parts;
}

const textIn = (block: HTMLElement): string =>
  partsIn(block)
    .map((part) => (part instanceof Text ? part.data : '\n'))
    .join('');

function offsetAt(node: HTMLElement, container: Node, offset: number): number {
  const point = document.createRange();
  point.setStart(container, offset);
  let total = 0;
  for (const [at, block] of leavesOf(node).entries()) {
    if (at > 0) {
      if (point.comparePoint(block, 0) > 0) return total;
      total += 1;
    }
    for (const part of partsIn(block)) {
      if (part === container) return total + (part instanceof Text ? offset : 0);
      if (point.comparePoint(part, 0) > 0) return total;
      total += part instanceof Text ? part.length : 1;
    }
  }
  return total;
}

const keyOf = (blocks: readonly EditorBlock[]): string =>
  JSON.stringify(blocks.map(({ kind, cells }) => [kind, runsOf(cells)]));

function readBlocks(node: HTMLElement): EditorBlock[] {
  return leavesOf(node).map((leaf) => {
    const cells = partsIn(leaf).flatMap((part) => {
      const parent = part.parentElement;
      const isLiteral = parent?.closest(`[${literalMark}]`) != null;
      const mark = (parent?.closest('strong, em, code')?.localName ?? '') as Mark;
      const text = part instanceof Text ? part.data : '\n';
      return cellsOf(text, isLiteral).map((cell): Cell => (leaf.localName === 'pre' ? cell : { ...cell, mark }));
    });
    const order = Number(leaf.closest('ol')?.getAttribute('start') ?? 1);
    return blockOf(kindOf(leaf), cells, order);
  });
}

function kindOf(leaf: HTMLElement): BlockKind {
  if (leaf.localName === 'pre' || /^h[1-6]$/u.test(leaf.localName)) return leaf.localName as BlockKind;
  const around = leaf.parentElement?.closest('ul, ol, blockquote, [contenteditable]');
  if (around?.localName === 'ul' || around?.localName === 'ol') return around.localName;
  return around?.localName === 'blockquote' ? 'quote' : 'p';
}
