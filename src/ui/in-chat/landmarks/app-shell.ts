import type { PageDesign } from './landmark.ts';

const MESSAGE_IDS = 'data-chatgpt-search-message-ids';
const SELECTION_ID = 'data-chatgpt-selection-message-id';

/** The design rolled out from 2026-09-25: question and answer are one turn, visited routes stay mounted and hidden. */
export const APP_SHELL: PageDesign = {
  id: 'app-shell',
  landmarks: {
    page: { name: 'page', selector: '[data-app-shell-active-page="true"]', expected: 'always' },
    composer: {
      name: 'composer',
      selector: 'form[data-chatgpt-composer] [data-composer-markdown][contenteditable="true"][role="textbox"]',
      expected: 'asked',
    },
    turn: { name: 'turn', selector: '[data-turn-key]', expected: 'known' },
    fileInput: {
      name: 'file input',
      selector: 'form[data-chatgpt-composer] input[type="file"], input[type="file"]',
      expected: 'optional',
    },
    codeBlock: { name: 'code block', selector: '[data-markdown-copy="code-block"]', expected: 'optional' },
  },
  recognise: (document) => document.querySelector('[data-app-shell-active-page="true"]') !== null,
  pageOf: (document) => document.querySelector('[data-app-shell-active-page="true"]'),
  idsOf: (turn) => {
    const ids = [turn.getAttribute('data-turn-key') ?? ''];
    for (const unit of turn.querySelectorAll(`[${MESSAGE_IDS}]`))
      ids.push(...(unit.getAttribute(MESSAGE_IDS) ?? '').split(/\s+/));
    for (const body of turn.querySelectorAll(`[${SELECTION_ID}]`)) ids.push(body.getAttribute(SELECTION_ID) ?? '');
    return ids.filter((id) => id !== '');
  },
  isAnswer: () => true,
  messageIdOf: (block) => block.closest(`[${SELECTION_ID}]`)?.getAttribute(SELECTION_ID) ?? null,
  slotOf: (turn) => turn,
};
