import type { ConversationRenderer, RendererOptions } from './conversation-renderer.ts';
import { type Exchange, isThinking, type Part, partsOf, textOf } from './conversation-view.ts';
import { element } from './element.ts';
import { legacyCode } from './legacy-code.ts';
import { MarkdownBody } from './markdown.ts';
import { actionRow, editRow, imageNode, RunRow, thoughtRow } from './reply-parts.ts';
import { writingBlock } from './writing-block.ts';

interface Section {
  readonly node: HTMLElement;
  readonly update: (part: Part, isLive: boolean) => void;
  readonly questionId: string;
}

/** One `section` a message. */
export class LegacyRenderer implements ConversationRenderer {
  readonly node: HTMLElement;
  readonly #list = element('div', { class: 'thread' });
  readonly #older = element('div', { class: 'older', role: 'status' });
  readonly #options: RendererOptions;
  readonly #sections = new Map<string, Section>();
  #exchanges: readonly Exchange[] = [];
  #isLoading = false;

  constructor(options: RendererOptions) {
    this.#options = options;
    this.node = element(
      'div',
      { class: 'scroll-area', 'data-scroll-root': '' },
      element('div', { class: 'scroll-inner' }, this.#list),
    );
    this.node.addEventListener('scroll', () => {
      if (this.node.scrollTop > 80 || !this.#older.isConnected || this.#isLoading) return;
      this.#isLoading = true;
      options.onOlder();
    });
  }

  render(exchanges: readonly Exchange[], isRunning: boolean, hasOlder: boolean): void {
    const isAtEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 60;
    const heightBefore = this.node.scrollHeight;
    const firstBefore = this.#exchanges[0]?.key;
    this.#exchanges = exchanges;
    this.#isLoading = false;
    if (hasOlder) this.#list.prepend(this.#older);
    else this.#older.remove();
    this.#older.textContent = this.#options.words.loading;
    const wanted: Section[] = [];
    for (const exchange of exchanges) {
      const isLive = isRunning && exchange === exchanges.at(-1);
      wanted.push(this.#question(exchange));
      for (const part of partsOf(exchange)) {
        if (part.kind === 'run' && isThinking(part.message)) continue;
        const section = this.#reply(exchange, part);
        section.update(part, isLive);
        wanted.push(section);
      }
    }
    this.#place(wanted);
    if (isAtEnd) this.scrollToEnd();
    else if (firstBefore !== exchanges[0]?.key) this.node.scrollTop += this.node.scrollHeight - heightBefore;
  }

  turnEnded(): void {
    const last = this.#exchanges.at(-1);
    if (last === undefined) return;
    for (const [id, section] of [...this.#sections]) {
      if (section.questionId !== last.key || id === last.key) continue;
      this.#sections.delete(id);
      section.node.remove();
    }
    this.render(this.#exchanges, false, this.#older.isConnected);
  }

  reset(): void {
    this.#sections.clear();
    this.#list.replaceChildren();
  }

  scrollToEnd(): void {
    this.node.scrollTop = this.node.scrollHeight;
  }

  #place(wanted: readonly Section[]): void {
    const kept = new Set(wanted.map((section) => section.node));
    const name = this.#options.behaviour.renamesTurns ? 'renamed-turn' : 'conversation-turn';
    for (const [id, section] of this.#sections) {
      if (kept.has(section.node)) continue;
      section.node.remove();
      this.#sections.delete(id);
    }
    let before: ChildNode | null = null;
    for (const [index, { node }] of wanted.entries()) {
      node.setAttribute('data-testid', `${name}-${String(index + 1)}`);
      if (!node.isConnected) {
        if (before === null)
          this.#list.insertBefore(node, this.#older.isConnected ? this.#older.nextSibling : this.#list.firstChild);
        else before.after(node);
      }
      before = node;
    }
  }

  #question(exchange: Exchange): Section {
    const known = this.#sections.get(exchange.key);
    if (known !== undefined) return known;
    const bubble = element(
      'div',
      { class: 'user-bubble' },
      element('div', { class: 'whitespace-pre-wrap' }, textOf(exchange.question)),
    );
    const message = element(
      'div',
      { 'data-message-id': exchange.key, 'data-message-author-role': 'user', class: 'message from-user', dir: 'auto' },
      bubble,
      editRow(this.#options.words, textOf(exchange.question), (text) => {
        this.#options.onEdit(exchange.key, text);
      }),
    );
    const made: Section = {
      node: element(this.#options.behaviour.turnTag, { 'data-turn': 'user', 'data-turn-id': exchange.key }, message),
      update: () => undefined,
      questionId: exchange.key,
    };
    this.#sections.set(exchange.key, made);
    return made;
  }

  #reply(exchange: Exchange, part: Part): Section {
    const known = this.#sections.get(part.message.id);
    if (known !== undefined) return known;
    const role = part.message.author.role;
    const message = element('div', {
      'data-message-id': part.message.id,
      'data-message-author-role': role,
      class: 'message',
      dir: 'auto',
    });
    const node = element(
      this.#options.behaviour.turnTag,
      { 'data-turn': 'assistant', 'data-turn-id': `request-${part.message.id}` },
      message,
    );
    const made: Section = { node, update: this.#drawing(exchange, part, node, message), questionId: exchange.key };
    this.#sections.set(part.message.id, made);
    return made;
  }

  #drawing(exchange: Exchange, part: Part, node: HTMLElement, message: HTMLElement): Section['update'] {
    const { words, behaviour, onRegenerate } = this.#options;
    if (part.kind === 'run') {
      const row = new RunRow();
      message.append(row.node);
      return (now) => {
        if (now.kind === 'run') row.update(now.result, words);
      };
    }
    if (part.kind !== 'prose') {
      message.append(part.kind === 'image' ? imageNode(part.pointer) : thoughtRow(part.summary, words));
      return () => undefined;
    }
    const body = new MarkdownBody(element('div', { class: 'markdown prose' }), {
      code: (block) => legacyCode(block, behaviour.legacyBlocks, words),
      inlineCode: (code) => element('code', {}, code),
      writing: (title, nodes) => writingBlock(title, nodes, words),
      hasOffsets: true,
    });
    message.append(body.node);
    let actions: HTMLElement | null = null;
    return (now, isLive) => {
      if (now.kind !== 'prose') return;
      body.update(now.text);
      if (isLive || actions !== null || !now.isFinal) return;
      actions = actionRow(
        words,
        () => now.text,
        () => {
          onRegenerate(exchange.key);
        },
      );
      node.append(actions);
    };
  }
}
