import { element } from './element.ts';
import type { Strings } from './strings.ts';

/** The document surface of a writing block: an editor of its own, no block of code. */
export function writingBlock(title: string, body: readonly Node[], words: Strings): HTMLElement {
  const editor = element(
    'div',
    { class: 'ProseMirror', contenteditable: 'true', role: 'textbox', 'aria-label': title },
    ...body,
  );
  return element(
    'div',
    {
      'data-testid': 'chatgpt-writing-block',
      'data-oai-writing-block-surface': '',
      'data-writing-block-variant': 'document',
      'data-markdown-copy': 'rich-block',
    },
    element(
      'header',
      {},
      element('button', { type: 'button', class: 'quiet' }, element('span', {}, title)),
      element('button', { type: 'button', class: 'quiet', 'aria-label': words.copy }, words.copy),
    ),
    element('div', { 'data-markdown-copy-content': 'true' }, element('div', { class: 'writing-block-editor' }, editor)),
  );
}
