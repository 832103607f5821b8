import type { WireMessage } from '../wire/message.ts';
import { element, icon, icons } from './element.ts';
import { pageFetch } from './natives.ts';
import type { Strings } from './strings.ts';

/** A collapsed row for a run of the site, without its code; a picture comes later. */
export class RunRow {
  readonly node: HTMLElement;
  readonly #label = element('span', { class: 'run-label' });
  #hasImage = false;

  constructor() {
    this.node = element(
      'div',
      { class: 'run-row' },
      element(
        'button',
        { type: 'button', class: 'quiet run-toggle', 'aria-expanded': 'false' },
        icon(icons.chart),
        this.#label,
        icon(icons.chevron),
      ),
    );
  }

  update(result: WireMessage | null, words: Strings): void {
    this.#label.textContent = result === null ? `${words.analyzing} …` : words.analyzed;
    this.node.classList.toggle('is-busy', result === null);
    if (this.#hasImage || result === null || !hasPicture(result)) return;
    this.#hasImage = true;
    void drawImage(this.node, 'file-standin');
  }
}

export function imageNode(pointer: string): HTMLElement {
  const frame = element('div', { class: 'image-frame' });
  void drawImage(frame, pointer.replace(/^[a-z-]+:\/\//, ''));
  return frame;
}

async function drawImage(frame: HTMLElement, id: string): Promise<void> {
  const answer = await pageFetch(`/backend-api/files/download/${id}`);
  if (!answer.ok) return;
  const { download_url: address } = (await answer.json()) as { download_url: string };
  const image = element('img', { alt: 'Output image', class: 'answer-image', width: '320', height: '200' });
  image.src = address;
  frame.append(image);
}

function hasPicture(result: WireMessage): boolean {
  const aggregate = result.metadata['aggregate_result'];
  if (typeof aggregate !== 'object' || aggregate === null || !('messages' in aggregate)) return false;
  return Array.isArray(aggregate.messages) && aggregate.messages.length > 0;
}

export function thoughtRow(summary: string, words: Strings): HTMLElement {
  return element(
    'div',
    { class: 'thought-row' },
    icon(icons.spark),
    element('span', {}, `${words.thought}: ${summary}`),
  );
}

/** A pencil under the person's message; pressed, it becomes a field with the old text. */
export function editRow(words: Strings, text: string, send: (text: string) => void): HTMLElement {
  const open = element(
    'button',
    { type: 'button', class: 'quiet round small', 'aria-label': words.edit },
    icon(icons.pencil),
  );
  const row = element('div', { class: 'edit-row' }, open);
  open.addEventListener('click', () => {
    const field = element('textarea', { class: 'edit-field', 'aria-label': words.edit });
    field.value = text;
    const button = element('button', { type: 'button', class: 'quiet', 'data-edit-send': '' }, words.send);
    button.addEventListener('click', (event) => {
      if (event.isTrusted) send(field.value);
    });
    row.replaceChildren(field, button);
    field.focus();
  });
  return row;
}

export function actionRow(words: Strings, copied: () => string, again: () => void): HTMLElement {
  const copy = element(
    'button',
    { type: 'button', class: 'quiet round small', 'aria-label': words.copy },
    icon(icons.copy),
  );
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(copied()).catch(() => {
      // Copying needs a permission that a test browser may not give; nothing depends on it.
    });
  });
  const repeat = element(
    'button',
    { type: 'button', class: 'quiet round small', 'aria-label': words.regenerate },
    icon(icons.again),
  );
  repeat.addEventListener('click', again);
  return element('div', { class: 'turn-action-controls' }, copy, repeat);
}
