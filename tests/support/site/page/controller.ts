import type { PageConfig } from '../server/page-document.ts';
import { textContent, type WireMessage, wireMessage } from '../wire/message.ts';
import { type Attachment, Composer, type ComposerKind } from './composer.ts';
import type { ConversationRenderer, RendererOptions } from './conversation-renderer.ts';
import { ConversationView } from './conversation-view.ts';
import { installDropZone } from './drop-zone.ts';
import { element } from './element.ts';
import { hiddenPages } from './hidden-pages.ts';
import { HistoryClient } from './history-client.ts';
import { oddNatives, pageFetch, replaceFetchLater } from './natives.ts';
import { report } from './report.ts';
import { createShell, type Shell } from './shell.ts';
import { SocketClient } from './socket-client.ts';
import { strings } from './strings.ts';
import { TurnClient, type TurnEvents } from './turn-client.ts';

type MakeRenderer = (options: RendererOptions) => ConversationRenderer;

/** Connects the parts of one page: what is on screen, what is sent, what comes back. */
export class Controller {
  readonly #config: PageConfig;
  readonly #view = new ConversationView();
  readonly #renderer: ConversationRenderer;
  readonly #shell: Shell;
  readonly #socket: SocketClient;
  readonly #turns: TurnClient;
  readonly #history = new HistoryClient();
  readonly #slot = element('div', { class: 'composer-slot' });
  readonly #page: HTMLElement;
  #composer: Composer | null = null;
  #drawTimer = 0;

  constructor(config: PageConfig, makeRenderer: MakeRenderer) {
    this.#config = config;
    const words = strings[config.language];
    const { behaviour } = config;
    this.#renderer = makeRenderer({
      words,
      behaviour,
      onRegenerate: (questionId) => {
        void this.#regenerate(questionId);
      },
      onEdit: (questionId, text) => {
        void this.#edit(questionId, text);
      },
      onOlder: () => {
        void this.#loadOlder();
      },
    });
    this.#shell = createShell({
      config,
      words,
      onNavigate: (path) => {
        history.pushState({}, '', path);
        void this.#show();
      },
      onScene: (prompt) => {
        void this.#send(prompt, []);
      },
    });
    this.#socket = new SocketClient(behaviour.listens, (update) => {
      this.#take(update);
    });
    this.#turns = new TurnClient(behaviour, config.isGuest, this.#socket);
    const greeting = element('h1', { class: 'greeting' }, words.greeting);
    const footnote = element('p', { class: 'footnote' }, words.footnote);
    this.#page = element(
      'div',
      { class: 'conversation', ...(hasAppShell(config) ? { 'data-app-shell-active-page': 'true' } : {}) },
      greeting,
      this.#renderer.node,
      this.#slot,
      footnote,
    );
  }

  start(): void {
    document.getElementById('root')?.append(this.#shell.node);
    if (hasAppShell(this.#config)) this.#shell.main.append(...hiddenPages());
    this.#shell.main.append(this.#page);
    const odd = oddNatives();
    if (odd.length > 0) report('looks-patched', { odd });
    if (this.#config.behaviour.replacesFetch) replaceFetchLater();
    addEventListener('error', (event) => {
      report('page-error', { message: event.message, source: event.filename });
    });
    addEventListener('popstate', () => void this.#show());
    installDropZone((files) => {
      this.#composer?.addFiles(files);
    });
    if (!location.pathname.startsWith('/share/')) this.#hydrate();
    void pageFetch('/api/auth/session');
    if (!this.#config.isGuest) void this.#socket.connect();
    void this.#shell.refreshList();
    void this.#show();
  }

  /** For a while only a plain textarea stands where the composer will be; what is put there is lost. */
  #hydrate(): void {
    const words = strings[this.#config.language];
    this.#slot.append(
      element(
        'form',
        { class: 'composer' },
        element('textarea', { name: 'prompt-textarea', placeholder: words.ask, class: 'fallback' }),
      ),
    );
    setTimeout(() => {
      this.#composer = new Composer({
        kind: composerOf(this.#config),
        words,
        behaviour: this.#config.behaviour,
        isGuest: this.#config.isGuest,
        onSend: (text, attachments) => {
          void this.#send(text, attachments);
        },
        onStop: () => {
          void this.#stop();
        },
      });
      this.#composer.setRunning(this.#view.isRunning);
      this.#slot.replaceChildren(this.#composer.node);
      document.documentElement.dataset['hydrated'] = 'true';
    }, this.#config.behaviour.hydrationMs);
  }

  /** Shows what the address says. */
  async #show(): Promise<void> {
    const id = /\/(?:c|share)\/([^/?]+)/.exec(location.pathname)?.[1] ?? null;
    if (id !== null && id === this.#view.id) return;
    this.#view.clear(id);
    this.#renderer.reset();
    this.#draw();
    if (id === null) return;
    const loaded = this.#config.renderer === 'app' ? await this.#history.newest(id) : await this.#history.tree(id);
    if (loaded === null || this.#view.id !== id) return;
    this.#view.title = loaded.title;
    this.#view.previousCursor = loaded.previousCursor;
    for (const message of loaded.messages) this.#view.put(message);
    this.#draw();
    this.#renderer.scrollToEnd();
    const running = await this.#history.running(id);
    if (running === null) return;
    this.#setRunning(true);
    await this.#turns.rejoin(id, running.topic, this.#events());
    this.#ended();
  }

  async #loadOlder(): Promise<void> {
    const { id, previousCursor } = this.#view;
    if (id === null || previousCursor === null) return;
    const older = await this.#history.older(id, previousCursor);
    if (older === null || this.#view.id !== id) return;
    this.#view.previousCursor = older.previousCursor;
    this.#view.prepend(older.messages);
    this.#draw();
  }

  async #send(text: string, attachments: readonly Attachment[]): Promise<void> {
    if (this.#view.isRunning) return;
    const files = attachments.map(({ id, name }) => ({ id, name }));
    const message = wireMessage({
      id: crypto.randomUUID(),
      role: 'user',
      content: textContent(text),
      metadata: { attachments: files },
    });
    const parent = this.#view.lastId;
    this.#view.put(message);
    await this.#turn({ action: 'next', messages: [message], parent_message_id: parent ?? 'client-created-root' });
  }

  async #regenerate(questionId: string): Promise<void> {
    this.#view.cutAfter(questionId);
    await this.#turn({ action: 'variant', parent_message_id: questionId });
  }

  async #edit(questionId: string, text: string): Promise<void> {
    if (this.#view.isRunning) return;
    const parent = this.#view.cutFrom(questionId);
    const message = wireMessage({ id: crypto.randomUUID(), role: 'user', content: textContent(text) });
    this.#view.put(message);
    await this.#turn({ action: 'next', messages: [message], parent_message_id: parent ?? 'client-created-root' });
  }

  async #turn(body: Record<string, unknown>): Promise<void> {
    this.#setRunning(true);
    this.#renderer.scrollToEnd();
    const known = this.#view.id === null ? {} : { conversation_id: this.#view.id };
    const common = {
      model: 'gpt-5-5-thinking',
      conversation_mode: { kind: 'primary_assistant' },
      supported_encodings: ['v1'],
      supports_buffering: true,
    };
    await this.#turns.send({ ...body, ...known, ...common }, this.#events());
    this.#ended();
  }

  async #stop(): Promise<void> {
    const body = JSON.stringify({ conversation_id: this.#view.id, exclude_async_types: [] });
    await pageFetch('/backend-api/stop_conversation', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    this.#turns.stop();
  }

  #events(): TurnEvents {
    const id = this.#view.id;
    return {
      onMessage: (message, conversationId) => {
        if (this.#view.id === null && id === null) this.#named(conversationId);
        if (this.#view.id !== conversationId) return;
        this.#view.put(message);
        this.#drawSoon();
      },
      onSide: (value) => {
        if (value['type'] !== 'title_generation' || value['conversation_id'] !== this.#view.id) return;
        this.#view.title = String(value['title']);
        this.#drawSoon();
      },
      onHistoryOnly: () => {
        void this.#waitForHistory();
      },
    };
  }

  /** A new conversation learns its id from the first frames; a temporary one keeps its address. */
  #named(conversationId: string): void {
    this.#view.id = conversationId;
    if (new URLSearchParams(location.search).get('temporary-chat') === 'true') return;
    const project = /^\/g\/[^/]+/.exec(location.pathname)?.[0] ?? '';
    history.pushState({}, '', `${project}/c/${conversationId}`);
  }

  async #waitForHistory(): Promise<void> {
    const { id } = this.#view;
    if (id === null) return;
    const loaded = await this.#history.finished(id);
    if (this.#view.id !== id) return;
    for (const message of loaded.messages) this.#view.put(message);
    this.#draw();
  }

  #take(update: Record<string, unknown>): void {
    const content = update['update_content'];
    if (update['conversation_id'] !== this.#view.id || typeof content !== 'object' || content === null) return;
    const messages =
      'messages' in content && Array.isArray(content.messages) ? (content.messages as WireMessage[]) : [];
    for (const message of messages) this.#view.put(message);
    this.#drawSoon();
  }

  #ended(): void {
    this.#setRunning(false);
    if (this.#config.behaviour.replacesEndedTurn) this.#renderer.turnEnded();
    void this.#shell.refreshList();
  }

  #setRunning(isRunning: boolean): void {
    this.#view.isRunning = isRunning;
    this.#composer?.setRunning(isRunning);
    this.#draw();
  }

  #drawSoon(): void {
    if (this.#drawTimer !== 0) return;
    this.#drawTimer = window.setTimeout(() => {
      this.#draw();
    }, 16);
  }

  #draw(): void {
    clearTimeout(this.#drawTimer);
    this.#drawTimer = 0;
    const exchanges = this.#view.exchanges();
    this.#page.classList.toggle('is-empty', exchanges.length === 0);
    this.#shell.title.textContent = this.#view.title || 'Stand-in';
    this.#renderer.render(exchanges, this.#view.isRunning, this.#view.previousCursor !== null);
  }
}

/** The shell of the new design; pages between the designs have it around turns of the older one, or lack it. */
function hasAppShell({ renderer, behaviour }: PageConfig): boolean {
  return behaviour.layout === 'usual' ? renderer === 'app' : behaviour.layout === 'mixed';
}

function composerOf({ renderer, behaviour }: PageConfig): ComposerKind {
  if (behaviour.composer !== 'usual') return behaviour.composer;
  return renderer === 'app' ? 'chatgpt' : 'unified';
}
