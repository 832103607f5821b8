import type { PageBehaviour } from '../options.ts';
import { Editor } from './editor.ts';
import { element, icon, icons } from './element.ts';
import { MarkdownModel } from './markdown-model.ts';
import { pageFetch } from './natives.ts';
import { report } from './report.ts';
import type { Strings } from './strings.ts';

export interface Attachment {
  readonly id: string;
  readonly name: string;
  /** Set for a long paste. */
  readonly text?: string;
}

/** `unified` is that of the older design; `work` stands in threads of Work and has no attribute of its own at the editor. */
export type ComposerKind = 'unified' | 'chatgpt' | 'work';

export interface ComposerOptions {
  readonly kind: ComposerKind;
  readonly words: Strings;
  readonly behaviour: PageBehaviour;
  readonly isGuest: boolean;
  readonly onSend: (text: string, attachments: readonly Attachment[]) => void;
  readonly onStop: () => void;
}

const frames: Readonly<Record<ComposerKind, Record<string, string>>> = {
  unified: { 'data-type': 'unified-composer' },
  chatgpt: { 'data-chatgpt-composer': '' },
  work: { 'data-thread-find-composer': 'true' },
};

/** The form in which a person writes, in one of the designs. */
export class Composer {
  readonly node: HTMLFormElement;
  readonly #options: ComposerOptions;
  readonly #editor: Editor;
  readonly #chips = element('div', { class: 'composer-chips' });
  readonly #actions = element('div', { class: 'composer-actions' });
  readonly #twin = element('textarea', {
    name: 'prompt-textarea',
    style: 'display:none',
    tabindex: '-1',
    'aria-hidden': 'true',
  });
  #attachments: Attachment[] = [];
  #isRunning = false;
  #prepareTimer = 0;

  constructor(options: ComposerOptions) {
    this.#options = options;
    const { words, behaviour, kind } = options;
    const attributes: Readonly<Record<ComposerKind, Record<string, string>>> = {
      unified: { id: 'prompt-textarea', 'data-virtualkeyboard': 'true' },
      chatgpt: { 'data-composer-markdown': '', 'aria-label': words.ask },
      work: { 'aria-label': words.ask },
    };
    this.#editor = new Editor({
      model: new MarkdownModel(words.ask),
      attributes: attributes[kind],
      pasteLimit: behaviour.pasteLimit,
      refusesUntrustedPaste: behaviour.refusesUntrustedPaste,
      refusesMarkup: behaviour.refusesMarkup,
      onChange: () => {
        this.#changed();
      },
      onEnter: () => {
        this.#send();
      },
      onLongPaste: (text) => {
        this.#attach({ id: crypto.randomUUID(), name: words.pasted, text });
      },
      onFiles: (files) => {
        this.addFiles(files);
      },
    });
    if (kind !== 'unified') this.#chips.setAttribute('data-composer-attachments', '');
    this.node = this.#build();
    this.#drawActions();
  }

  setRunning(isRunning: boolean): void {
    this.#isRunning = isRunning;
    this.#drawActions();
  }

  addFiles(files: readonly File[]): void {
    if (this.#options.behaviour.refusesFiles) return;
    for (const file of files) void this.#upload(file);
  }

  #build(): HTMLFormElement {
    const { words, kind } = this.#options;
    const files = element('input', {
      type: 'file',
      multiple: true,
      class: 'file-input',
      tabindex: '-1',
      'aria-label': words.attach,
    });
    files.addEventListener('change', () => {
      const chosen = [...(files.files ?? [])];
      report('file-chosen', { names: chosen.map((file) => file.name) });
      this.addFiles(chosen);
      files.value = '';
    });
    const add = element(
      'button',
      { type: 'button', class: 'round quiet', 'aria-label': words.attach },
      icon(icons.plus),
    );
    add.addEventListener('click', () => {
      files.click();
    });
    const field = element('div', { class: 'composer-field' }, this.#editor.node);
    const row = element('div', { class: 'composer-row' }, add, this.#actions);
    const form = element('form', { class: 'composer', ...frames[kind] }, files, this.#chips, field, row);
    if (kind === 'unified') form.append(this.#twin);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    return form;
  }

  #drawActions(): void {
    const { kind } = this.#options;
    this.#actions.replaceChildren(kind === 'unified' ? this.#legacyButton() : this.#appButton());
  }

  #legacyButton(): HTMLElement {
    const { words } = this.#options;
    if (this.#isRunning)
      return this.#button(
        { 'data-testid': 'stop-button', 'aria-label': words.stop, type: 'button' },
        icons.stop,
        'stop',
      );
    if (!this.#hasContent())
      return this.#button(
        { 'data-testid': 'composer-speech-button', 'aria-label': words.voice, type: 'button' },
        icons.voice,
        'voice',
      );
    return this.#button(
      { 'data-testid': 'send-button', id: 'composer-submit-button', 'aria-label': words.send, type: 'submit' },
      icons.send,
      'send',
    );
  }

  #appButton(): HTMLElement {
    const { words } = this.#options;
    const act = this.#isRunning ? 'stop' : this.#hasContent() ? 'send' : 'voice';
    return this.#button({ type: 'button', 'aria-label': words[act] }, icons[act], act);
  }

  #button(attributes: Record<string, string>, path: string, act: 'send' | 'stop' | 'voice'): HTMLElement {
    const style = this.#options.kind !== 'unified' ? 'round primary bg-composer-primary' : 'round primary';
    const button = element('button', { class: style, ...attributes }, icon(path));
    button.addEventListener('click', (event) => {
      event.preventDefault();
      if (!event.isTrusted) return report('untrusted-click', { act });
      if (act === 'send') this.#send();
      if (act === 'stop') this.#options.onStop();
    });
    return button;
  }

  #hasContent(): boolean {
    return this.#editor.text.trim() !== '' || this.#attachments.length > 0;
  }

  #changed(): void {
    this.#twin.value = this.#editor.text;
    this.#drawActions();
    clearTimeout(this.#prepareTimer);
    if (this.#editor.text === '') return;
    this.#prepareTimer = window.setTimeout(() => {
      const base = this.#options.isGuest ? '/backend-anon' : '/backend-api';
      const body = JSON.stringify({ action: 'next', partial_query: { id: crypto.randomUUID() } });
      void pageFetch(`${base}/f/conversation/prepare`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
    }, 400);
  }

  #send(): void {
    if (this.#isRunning || !this.#hasContent()) return;
    const text = this.#editor.sent;
    const attachments = this.#attachments;
    this.#attachments = [];
    this.#drawChips();
    this.#editor.clear();
    this.#options.onSend(text, attachments);
  }

  async #upload(file: File): Promise<void> {
    const body = JSON.stringify({ file_name: file.name, file_size: file.size, use_case: 'my_files' });
    const answer = await pageFetch('/backend-api/files', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const { file_id: id } = (await answer.json()) as { file_id: string };
    await pageFetch(`/backend-api/files/${id}/content`, { method: 'PUT', body: file });
    this.#attach({ id, name: file.name });
  }

  #attach(attachment: Attachment): void {
    this.#attachments = [...this.#attachments, attachment];
    this.#drawChips();
    this.#drawActions();
  }

  #drawChips(): void {
    const { words } = this.#options;
    const chips = this.#attachments.map((attachment) => {
      const remove = element(
        'button',
        { type: 'button', class: 'quiet', 'aria-label': `${words.remove} ${attachment.name}` },
        '×',
      );
      remove.addEventListener('click', () => {
        this.#attachments = this.#attachments.filter((entry) => entry !== attachment);
        this.#drawChips();
        this.#drawActions();
      });
      return element('div', { class: 'chip', title: attachment.name }, element('span', {}, attachment.name), remove);
    });
    this.#chips.replaceChildren(...chips);
  }
}
