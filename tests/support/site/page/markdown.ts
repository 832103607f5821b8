import { element } from './element.ts';

export interface MarkdownLook {
  /** Draws a fenced block; `index` counts the blocks of one answer from 0. */
  readonly code: (code: string, language: string, index: number) => HTMLElement;
  readonly inlineCode: (code: string) => HTMLElement;
}

/** Draws Markdown into a node again and again while it grows; blocks that did not change keep their nodes. */
export class MarkdownBody {
  readonly node: HTMLElement;
  readonly #look: MarkdownLook;
  #blocks: string[] = [];

  constructor(node: HTMLElement, look: MarkdownLook) {
    this.node = node;
    this.#look = look;
  }

  update(text: string): void {
    const blocks = splitBlocks(text);
    let codeIndex = 0;
    for (const [index, block] of blocks.entries()) {
      const isCode = block.startsWith('```');
      if (this.#blocks[index] !== block) {
        const made = drawBlock(block, this.#look, codeIndex);
        const old = this.node.children[index];
        if (old === undefined) this.node.append(made);
        else old.replaceWith(made);
      }
      if (isCode) codeIndex += 1;
    }
    while (this.node.children.length > blocks.length) this.node.lastElementChild?.remove();
    this.#blocks = blocks;
  }
}

function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let isFenced = false;
  const end = (): void => {
    if (lines.length > 0) blocks.push(lines.join('\n'));
    lines = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) {
      if (!isFenced) end();
      lines.push(line);
      if (isFenced) end();
      isFenced = !isFenced;
    } else if (line.trim() === '' && !isFenced) {
      end();
    } else {
      lines.push(line);
    }
  }
  end();
  return blocks;
}

function drawBlock(block: string, look: MarkdownLook, codeIndex: number): HTMLElement {
  const lines = block.split('\n');
  const first = lines[0] ?? '';
  if (first.startsWith('```')) {
    const closing = lines.length > 1 && lines.at(-1) === '```' ? -1 : undefined;
    return look.code(lines.slice(1, closing).join('\n'), first.slice(3).trim(), codeIndex);
  }
  const heading = /^(#{1,4}) (.*)/.exec(first);
  if (heading !== null) return element(heading[1]?.length === 1 ? 'h2' : 'h3', {}, ...inline(heading[2] ?? '', look));
  if (/^[-*] /.test(first))
    return element('ul', {}, ...lines.map((line) => element('li', {}, ...inline(line.slice(2), look))));
  if (/^\d+\. /.test(first))
    return element('ol', {}, ...lines.map((line) => element('li', {}, ...inline(line.replace(/^\d+\. /, ''), look))));
  if (first.startsWith('|')) return drawTable(lines, look);
  return element('p', {}, ...inline(lines.join(' '), look));
}

function drawTable(lines: readonly string[], look: MarkdownLook): HTMLElement {
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const [head = '', , ...rows] = lines;
  const row = (line: string, tag: 'th' | 'td'): HTMLElement =>
    element('tr', {}, ...cells(line).map((cell) => element(tag, {}, ...inline(cell, look))));
  const body = element('tbody', {}, ...rows.map((line) => row(line, 'td')));
  return element('div', { class: 'table-frame' }, element('table', {}, element('thead', {}, row(head, 'th')), body));
}

function inline(text: string, look: MarkdownLook): (Node | string)[] {
  const parts: (Node | string)[] = [];
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(at, match.index));
    if (match[1] !== undefined) parts.push(look.inlineCode(match[1]));
    else if (match[2] !== undefined) parts.push(element('strong', {}, match[2]));
    else parts.push(element('a', { href: safeHref(match[4] ?? '') }, match[3] ?? ''));
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts;
}

function safeHref(href: string): string {
  return /^https?:|^\//.test(href) ? href : '#';
}
