import { element } from './element.ts';

/** Routes that were visited before stay mounted, hidden, with turns and a composer of their own. */
export function hiddenPages(): HTMLElement[] {
  return ['first', 'second'].map((name) => {
    const turn = element(
      'div',
      { 'data-turn-key': `hidden-${name}`, class: 'turn' },
      element(
        'div',
        { 'data-user-message-bubble': '' },
        element('div', { class: 'whitespace-pre-wrap' }, `An earlier route, ${name}`),
      ),
    );
    const editor = element('div', {
      'data-composer-markdown': '',
      contenteditable: 'true',
      role: 'textbox',
      class: 'ProseMirror',
    });
    const form = element(
      'form',
      { 'data-chatgpt-composer': '' },
      editor,
      element('button', { type: 'button', class: 'bg-composer-primary' }),
    );
    return element(
      'div',
      { 'data-app-shell-active-page': 'false', style: 'display:none' },
      element('div', { 'data-app-action-timeline-scroll': '' }, turn),
      form,
    );
  });
}
