import { appCode } from './code-block.ts';
import type { RendererOptions } from './conversation-renderer.ts';
import { type Exchange, isThinking, type Part, partsOf, textOf } from './conversation-view.ts';
import { element } from './element.ts';
import { MarkdownBody } from './markdown.ts';
import { actionRow, editRow, imageNode, RunRow, thoughtRow } from './reply-parts.ts';
import { writingBlock } from './writing-block.ts';

interface Drawn {
  readonly node: HTMLElement;
  readonly update: (part: Part, isLive: boolean) => void;
}

/** One turn of the app shell: the person's unit and the assistant's. */
export class AppTurn {
  readonly node: HTMLElement;
  readonly #options: RendererOptions;
  readonly #key: string;
  readonly #index: number;
  readonly #parts = new Map<string, Drawn>();
  #unit: HTMLElement | null = null;
  #body: HTMLElement | null = null;
  #actions: HTMLElement | null = null;

  constructor(exchange: Exchange, index: number, options: RendererOptions) {
    this.#options = options;
    this.#key = exchange.key;
    this.#index = index;
    const name = options.behaviour.renamesTurns ? 'data-renamed-key' : 'data-turn-key';
    this.node = element('div', { [name]: exchange.key, class: 'turn' }, this.#question(exchange));
  }

  update(exchange: Exchange, isLive: boolean): void {
    if (isLive) this.node.setAttribute('data-talvt-turn-state', 'in_progress');
    // The real page sometimes leaves the state behind: here it does when the answer has a run.
    else if (!exchange.replies.some((reply) => reply.recipient === 'python'))
      this.node.removeAttribute('data-talvt-turn-state');
    const parts = partsOf(exchange);
    if (parts.length === 0) return;
    const { unit, body } = this.#ensureUnit();
    const visible = exchange.replies.filter((reply) => reply.author.role === 'assistant').map((reply) => reply.id);
    const ids = visible.length === 1 ? [...visible, ...visible] : visible;
    unit.setAttribute('data-chatgpt-search-message-ids', ids.join(' '));
    const reply = parts.findLast((part) => part.kind === 'prose' && part.isFinal) ?? parts.at(-1);
    if (reply !== undefined && this.#options.behaviour.bodiesHaveId)
      body.setAttribute('data-chatgpt-selection-message-id', reply.message.id);
    for (const part of parts) {
      if (part.kind === 'run' && isThinking(part.message)) continue;
      const known = this.#parts.get(part.message.id) ?? this.#draw(part, body);
      known.update(part, isLive);
    }
    if (isLive || this.#actions !== null) return;
    const prose = parts.filter((part) => part.kind === 'prose');
    this.#actions = actionRow(
      this.#options.words,
      () => prose.map((part) => part.text).join('\n\n'),
      () => {
        this.#options.onRegenerate(this.#key);
      },
    );
    unit.append(this.#actions);
  }

  /** Throws away what is drawn of the answer, with everything that others put inside. */
  replaceAnswer(exchange: Exchange): void {
    this.#unit?.remove();
    this.#unit = null;
    this.#body = null;
    this.#actions = null;
    this.#parts.clear();
    this.update(exchange, false);
  }

  #question(exchange: Exchange): HTMLElement {
    const text = textOf(exchange.question);
    const content =
      text === ''
        ? imageTiles(exchange)
        : text.includes('```')
          ? this.#markdown(text)
          : element('div', { class: 'whitespace-pre-wrap' }, text);
    const edit = editRow(this.#options.words, text, (rewritten) => {
      this.#options.onEdit(exchange.key, rewritten);
    });
    const bubble = element('div', { 'data-user-message-bubble': '', class: 'user-bubble' }, content);
    return element(
      'div',
      {
        ...this.#unitKey('user'),
        'data-chatgpt-search-message-ids': exchange.key,
        class: 'unit from-user',
        dir: 'auto',
      },
      this.#nested('user', bubble),
      edit,
    );
  }

  #markdown(text: string): HTMLElement {
    const body = this.#newBody(true);
    body.update(text);
    return body.node;
  }

  #newBody(isQuestion = false): MarkdownBody {
    const { words, behaviour } = this.#options;
    return new MarkdownBody(element('div', { 'data-markdown-text-style': 'assistant-message', class: 'prose' }), {
      code: (block) => appCode(block, { behaviour, words, isQuestion }),
      inlineCode: (code) => element('span', { 'data-markdown-copy': 'inline-code', class: 'inline-code' }, code),
      writing: (title, nodes) => writingBlock(title, nodes, words),
      hasOffsets: false,
    });
  }

  #ensureUnit(): { unit: HTMLElement; body: HTMLElement } {
    if (this.#unit !== null && this.#body !== null) return { unit: this.#unit, body: this.#body };
    const body = element('div', { class: 'answer' });
    const heading = element(
      'h4',
      { 'data-conversation-role': 'assistant', class: 'sr-only' },
      this.#options.words.said,
    );
    const unit = element(
      'div',
      { ...this.#unitKey('assistant'), class: 'unit', dir: 'auto' },
      heading,
      this.#nested('assistant', body),
    );
    this.node.append(unit);
    this.#unit = unit;
    this.#body = body;
    return { unit, body };
  }

  /** Units are counted within a turn where the page has no key of its own for it. */
  #unitKey(role: 'user' | 'assistant', name = 'data-chatgpt-search-unit-key'): Record<string, string> {
    if (this.#options.behaviour.unitKeys === 'question-id') return { [name]: `${this.#key}:0:${role}` };
    return { [name]: `fallback-turn-${String(this.#index)}:${role === 'user' ? '0' : '1'}:${role}` };
  }

  #nested(role: 'user' | 'assistant', content: HTMLElement): HTMLElement {
    if (this.#options.behaviour.unitKeys === 'question-id') return content;
    return element('div', this.#unitKey(role, 'data-content-search-unit-key'), content);
  }

  #draw(part: Part, body: HTMLElement): Drawn {
    const made = this.#drawing(part);
    this.#parts.set(part.message.id, made);
    body.append(made.node);
    return made;
  }

  #drawing(part: Part): Drawn {
    const { words } = this.#options;
    if (part.kind === 'run') {
      const row = new RunRow();
      return {
        node: row.node,
        update: (now) => {
          if (now.kind === 'run') row.update(now.result, words);
        },
      };
    }
    if (part.kind === 'image') return { node: imageNode(part.pointer), update: () => undefined };
    if (part.kind === 'thoughts') return { node: thoughtRow(part.summary, words), update: () => undefined };
    const body = this.#newBody();
    return {
      node: body.node,
      update: (now, isLive) => {
        if (now.kind !== 'prose') return;
        body.update(now.text);
        const isGrowing = isLive && now.message.status === 'in_progress';
        if (isGrowing) body.node.setAttribute('data-markdown-animated', '');
        else body.node.removeAttribute('data-markdown-animated');
      },
    };
  }
}

/** A prompt of files only shows no text at all. */
function imageTiles(exchange: Exchange): HTMLElement {
  const attachments = exchange.question.metadata['attachments'];
  const names = Array.isArray(attachments) ? attachments.map((entry: { name?: string }) => entry.name ?? '') : [];
  return element(
    'div',
    { class: 'tiles' },
    ...names.map((name) => element('div', { class: 'tile', role: 'img', 'aria-label': name })),
  );
}
