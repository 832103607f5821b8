import { fromMarkdown } from 'mdast-util-from-markdown';
import { element } from './element.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Block = Root['children'][number];
type Inline = Extract<Block, { type: 'paragraph' }>['children'][number];
type Code = Extract<Block, { type: 'code' }>;

/** A block of code in an answer. */
export interface FencedCode {
  readonly code: string;
  /** The first word after the fence; empty where there is none. */
  readonly language: string;
  /** Counts the blocks of one answer from 0. */
  readonly index: number;
  /** Where it begins and ends in the text of the answer, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

export interface MarkdownLook {
  readonly code: (block: FencedCode) => HTMLElement;
  readonly inlineCode: (code: string) => HTMLElement;
  /** The document surface that is drawn in the place of a `:::writing` block. */
  readonly writing: (title: string, body: readonly Node[]) => HTMLElement;
  /** Whether each element says where its text begins and ends. */
  readonly hasOffsets: boolean;
}

/** A writing block as the wire carries it. */
const writingBlock = /^:::writing\{([^}\n]*)\}\n([\s\S]*?)(?:\n:::[ \t]*$|$(?![\s\S]))/gmu;

/** Draws Markdown into a node again and again while it grows; blocks that did not change keep their nodes. */
export class MarkdownBody {
  readonly node: HTMLElement;
  readonly #look: MarkdownLook;
  #text: string | null = null;
  #drawn: string[] = [];

  constructor(node: HTMLElement, look: MarkdownLook) {
    this.node = node;
    this.#look = look;
  }

  update(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    const drawing = new Drawing(this.#look);
    const parts = partsOf(text);
    const keys: string[] = [];
    for (const [at, part] of parts.entries()) {
      keys.push(`${String(drawing.codeCount)} ${String(part.start)} ${text.slice(part.start, part.end)}`);
      if (keys[at] === this.#drawn[at]) {
        drawing.pass(part);
        continue;
      }
      const made = drawing.part(part);
      const old = this.node.children[at];
      if (old === undefined) this.node.append(made);
      else old.replaceWith(made);
    }
    while (this.node.children.length > parts.length) this.node.lastElementChild?.remove();
    this.#drawn = keys;
  }
}

type Part = { readonly start: number; readonly end: number } & (
  | { readonly block: Block; readonly from: number }
  | { readonly title: string; readonly blocks: readonly Block[]; readonly from: number }
);

/** The outermost blocks of a text, each with its place. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  const take = (end: number): void => {
    for (const block of fromMarkdown(text.slice(at, end)).children)
      parts.push({ block, from: at, start: at + startOf(block), end: at + endOf(block) });
  };
  for (const match of text.matchAll(writingBlock)) {
    take(match.index);
    const body = match[2] ?? '';
    at = match.index + match[0].length;
    const from = match.index + match[0].indexOf('\n') + 1;
    const title = /title="([^"]*)"/u.exec(match[1] ?? '')?.[1] ?? 'Document';
    parts.push({ title, blocks: fromMarkdown(body).children, from, start: match.index, end: at });
  }
  take(text.length);
  return parts;
}

const startOf = (node: Block): number => node.position?.start.offset ?? 0;
const endOf = (node: Block): number => node.position?.end.offset ?? 0;

class Drawing {
  readonly #look: MarkdownLook;
  #from = 0;
  codeCount = 0;

  constructor(look: MarkdownLook) {
    this.#look = look;
  }

  part(part: Part): HTMLElement {
    this.#from = part.from;
    if ('block' in part) return this.#block(part.block);
    return this.#look.writing(
      part.title,
      part.blocks.map((block) => this.#block(block)),
    );
  }

  /** Counts the code of a part that stays as it is drawn. */
  pass(part: Part): void {
    for (const block of 'block' in part ? [part.block] : part.blocks) this.codeCount += codesIn(block);
  }

  #block(block: Block): HTMLElement {
    switch (block.type) {
      case 'code':
        return this.#code(block);
      case 'heading':
        return element(block.depth === 1 ? 'h2' : 'h3', this.#place(block), ...this.#inline(block.children));
      case 'blockquote':
        return element('blockquote', this.#place(block), ...block.children.map((child) => this.#block(child)));
      case 'list': {
        const items = block.children.map((item) =>
          element(
            'li',
            this.#place(item),
            ...item.children.flatMap((child) =>
              child.type === 'paragraph' && block.spread !== true ? this.#inline(child.children) : [this.#block(child)],
            ),
          ),
        );
        return block.ordered === true
          ? element('ol', { ...this.#place(block), start: String(block.start ?? 1) }, ...items)
          : element('ul', this.#place(block), ...items);
      }
      case 'thematicBreak':
        return element('hr', this.#place(block));
      case 'paragraph':
        return this.#paragraph(block);
      case 'html':
        return element('p', this.#place(block), block.value);
      default:
        return element('p', this.#place(block));
    }
  }

  #code(block: Code): HTMLElement {
    const index = this.codeCount;
    this.codeCount += 1;
    return this.#look.code({
      code: block.value,
      language: block.lang ?? '',
      index,
      start: this.#from + startOf(block),
      end: this.#from + endOf(block),
    });
  }

  #paragraph(block: Extract<Block, { type: 'paragraph' }>): HTMLElement {
    const [first] = block.children;
    const text = first?.type === 'text' ? first.value : '';
    if (text.startsWith('|')) return this.#table(block);
    return element('p', this.#place(block), ...this.#inline(block.children));
  }

  /** A table, which the Markdown of mails has not; cells hold no `|`. */
  #table(block: Extract<Block, { type: 'paragraph' }>): HTMLElement {
    const rows: (Node | string)[][][] = [[[]]];
    for (const child of this.#inline(block.children)) {
      if (typeof child !== 'string') {
        rows.at(-1)?.at(-1)?.push(child);
        continue;
      }
      for (const [at, line] of child.split('\n').entries()) {
        if (at > 0) rows.push([[]]);
        for (const [cell, text] of line.split('|').entries()) {
          if (cell > 0) rows.at(-1)?.push([]);
          rows.at(-1)?.at(-1)?.push(text.trim());
        }
      }
    }
    const [head = [], , ...body] = rows.map((cells) => cells.slice(1, -1));
    const row = (cells: (Node | string)[][], tag: 'th' | 'td'): HTMLElement =>
      element('tr', {}, ...cells.map((cell) => element(tag, {}, ...cell)));
    const table = element('table', {}, element('thead', {}, row(head, 'th')));
    table.append(element('tbody', {}, ...body.map((cells) => row(cells, 'td'))));
    return element('div', { class: 'table-frame' }, table);
  }

  #inline(nodes: readonly Inline[]): (Node | string)[] {
    return nodes.map((node) => {
      switch (node.type) {
        case 'text':
        case 'html':
          return node.value;
        case 'inlineCode':
          return this.#look.inlineCode(node.value);
        case 'strong':
          return element('strong', {}, ...this.#inline(node.children));
        case 'emphasis':
          return element('em', {}, ...this.#inline(node.children));
        case 'link':
          return element('a', { href: safeHref(node.url) }, ...this.#inline(node.children));
        case 'break':
          return element('br');
        default:
          return '';
      }
    });
  }

  #place(node: { readonly position?: Block['position'] }): Record<string, string> {
    const { start, end } = node.position ?? {};
    if (!this.#look.hasOffsets || start?.offset === undefined || end?.offset === undefined) return {};
    return { 'data-start': String(this.#from + start.offset), 'data-end': String(this.#from + end.offset) };
  }
}

function codesIn(block: Block): number {
  if (block.type === 'code') return 1;
  if (!('children' in block)) return 0;
  return (block.children as readonly Block[]).reduce((count, child) => count + codesIn(child), 0);
}

function safeHref(href: string): string {
  return /^https?:|^\//.test(href) ? href : '#';
}
