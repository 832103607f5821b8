import { AppTurn } from './app-turn.ts';
import type { ConversationRenderer, RendererOptions } from './conversation-renderer.ts';
import type { Exchange } from './conversation-view.ts';
import { element } from './element.ts';

const guessedHeight = 420;
const mountedAtMost = 6;

/** The app shell's timeline: newest at scroll position 0, about six turns mounted. */
export class AppRenderer implements ConversationRenderer {
  readonly node: HTMLElement;
  readonly #options: RendererOptions;
  readonly #above = element('div', { class: 'spacer' });
  readonly #below = element('div', { class: 'spacer' });
  readonly #turns = element('div', { class: 'turns' });
  readonly #older = element('div', { class: 'older', role: 'status' });
  readonly #mounted = new Map<string, AppTurn>();
  readonly #heights = new Map<string, number>();
  #exchanges: readonly Exchange[] = [];
  #isRunning = false;
  #hasOlder = false;
  #isLoading = false;
  #isDrawing = false;

  constructor(options: RendererOptions) {
    this.#options = options;
    this.#older.textContent = options.words.loading;
    const thread = element('div', { class: 'thread' }, this.#above, this.#turns, this.#below);
    this.node = element(
      'div',
      { 'data-app-action-timeline-scroll': '', class: 'scroll-area thread-scroll-container' },
      thread,
    );
    this.node.addEventListener('scroll', () => {
      if (this.#isDrawing) return;
      this.#isDrawing = true;
      requestAnimationFrame(() => {
        this.#isDrawing = false;
        this.#draw();
      });
    });
  }

  render(exchanges: readonly Exchange[], isRunning: boolean, hasOlder: boolean): void {
    this.#exchanges = exchanges;
    this.#isRunning = isRunning;
    this.#hasOlder = hasOlder;
    this.#isLoading = false;
    this.#draw();
  }

  turnEnded(): void {
    const last = this.#exchanges.at(-1);
    if (last !== undefined) this.#mounted.get(last.key)?.replaceAnswer(last);
  }

  reset(): void {
    this.#mounted.clear();
    this.#heights.clear();
    this.#turns.replaceChildren();
    this.#exchanges = [];
  }

  scrollToEnd(): void {
    this.node.scrollTop = 0;
  }

  #draw(): void {
    this.#measure();
    const { first, last } = this.#window();
    const wanted = this.#exchanges.slice(first, last);
    const keys = new Set(wanted.map((exchange) => exchange.key));
    for (const [key, turn] of this.#mounted) {
      if (keys.has(key)) continue;
      turn.node.remove();
      this.#mounted.delete(key);
    }
    let before: ChildNode | null = null;
    for (const [at, exchange] of wanted.entries()) {
      const turn = this.#mounted.get(exchange.key) ?? new AppTurn(exchange, first + at, this.#options);
      if (!this.#mounted.has(exchange.key)) {
        this.#mounted.set(exchange.key, turn);
        if (before === null) this.#turns.prepend(turn.node);
        else before.after(turn.node);
      }
      turn.update(exchange, this.#isRunning && exchange === this.#exchanges.at(-1));
      before = turn.node;
    }
    this.#above.style.height = `${String(this.#sum(0, first))}px`;
    this.#below.style.height = `${String(this.#sum(last, this.#exchanges.length))}px`;
    this.#askForOlder(first);
  }

  #askForOlder(first: number): void {
    if (!this.#hasOlder) return this.#older.remove();
    this.#above.before(this.#older);
    const distanceFromTop = this.node.scrollHeight - this.node.clientHeight + this.node.scrollTop;
    if (first > 0 || this.#isLoading || distanceFromTop > 400) return;
    this.#isLoading = true;
    this.#options.onOlder();
  }

  /** Which exchanges are in view, counted from the newest, with some room on both sides. */
  #window(): { first: number; last: number } {
    const count = this.#exchanges.length;
    if (count <= mountedAtMost) return { first: 0, last: count };
    const distance = -this.node.scrollTop;
    let last = count;
    for (let height = 0; last > 1; last -= 1) {
      height += this.#height(last - 1);
      if (height >= distance - guessedHeight) break;
    }
    return { first: Math.max(0, last - mountedAtMost), last };
  }

  #measure(): void {
    for (const [key, turn] of this.#mounted) {
      const height = turn.node.offsetHeight;
      if (height > 0) this.#heights.set(key, height);
    }
  }

  #height(index: number): number {
    return this.#heights.get(this.#exchanges[index]?.key ?? '') ?? guessedHeight;
  }

  #sum(from: number, to: number): number {
    let height = 0;
    for (let index = from; index < to; index += 1) height += this.#height(index);
    return height;
  }
}
