import type { PageDesign } from './landmark.ts';

/** The design seen until 2026-10: one section for each message, a test id for most things. */
export const LEGACY: PageDesign = {
  id: 'legacy',
  landmarks: {
    page: { name: 'page', selector: 'body', expected: 'always' },
    // Before hydration a plain textarea stands here; what is put into that is lost, so only the editor counts.
    composer: { name: 'composer', selector: '#prompt-textarea[contenteditable="true"]', expected: 'asked' },
    turn: { name: 'turn', selector: '[data-testid^="conversation-turn-"]', expected: 'known' },
    fileInput: { name: 'file input', selector: 'form input[type="file"], input[type="file"]', expected: 'optional' },
    codeBlock: { name: 'code block', selector: '[data-message-author-role="assistant"] pre', expected: 'optional' },
  },
  recognise: (document) =>
    document.querySelector('[data-app-shell-active-page]') === null &&
    document.querySelector('#prompt-textarea, [data-testid^="conversation-turn-"]') !== null,
  pageOf: (document) => document.body,
  idsOf: (turn) =>
    [turn, ...turn.querySelectorAll('[data-message-id]')].flatMap(
      (element) => element.getAttribute('data-message-id') ?? [],
    ),
  messageIdOf: (block) => block.closest('[data-message-id]')?.getAttribute('data-message-id') ?? null,
  isAnswer: (turn) => turn.querySelector('[data-message-author-role="user"]') === null,
  slotOf: (turn) => turn,
};
