import type { PageDesign } from './landmark.ts';

// What marks the page's places in either design, and in those between them. Sources and dates: docs/site.md.

/** The route on screen, where the page keeps others mounted beside it. */
export const ACTIVE_PAGE = '[data-app-shell-active-page="true"]';
export const ANY_PAGE = '[data-app-shell-active-page]';

export const TURN_KEY = 'data-turn-key';
export const TURN_ID = 'data-turn-id';
export const MESSAGE_ID = 'data-message-id';
export const MESSAGE_IDS = 'data-chatgpt-search-message-ids';
export const SELECTION_ID = 'data-chatgpt-selection-message-id';

/** Of the design rolled out from 2026-09-25: question and answer are one turn. */
export const APP_TURN = `[${TURN_KEY}]`;
/** Of the design before it: a section for each message. */
export const LEGACY_TURN = '[data-testid^="conversation-turn-"]';

/** A part of an app turn that is one person's or the assistant's, by the end of its key. */
export const UNIT = `[${MESSAGE_IDS}], [data-chatgpt-search-unit-key], [data-content-search-unit-key]`;
export const UNIT_KEYS = ['data-chatgpt-search-unit-key', 'data-content-search-unit-key'] as const;
export const OF_USER = '[data-user-message-bubble], [data-message-author-role="user"]';

/** What is drawn as code; a viewer may stand in a `pre`, a `pre` in a viewer, and either alone. */
export const CODE_BLOCK = '[data-markdown-copy="code-block"], pre, .cm-editor';
/** Parts of an answer that a person edits: a document of their own, not a block of the answer. */
export const DOCUMENT =
  '[data-testid="chatgpt-writing-block"], [data-oai-writing-block-surface], [data-markdown-copy="rich-block"], [contenteditable="true"]';

const EDITOR = '[contenteditable="true"]';

/** Best first. Before hydration a plain textarea stands there; what is put into that is lost, so only editors count. */
export const COMPOSERS: readonly string[] = [
  `form[data-chatgpt-composer] [data-composer-markdown]${EDITOR}`,
  `#prompt-textarea${EDITOR}`,
  `form[data-chatgpt-composer] .ProseMirror${EDITOR}`,
  `form[data-type="unified-composer"] .ProseMirror${EDITOR}`,
  `form[data-thread-find-composer="true"] .ProseMirror${EDITOR}`,
  `form .ProseMirror${EDITOR}[role="textbox"]`,
];
export const TURNS = `${APP_TURN}, ${LEGACY_TURN}`;
const FILE_INPUT = 'input[type="file"]';

export const LANDMARKS: PageDesign['landmarks'] = {
  composer: { name: 'composer', selector: COMPOSERS.join(', '), expected: 'asked' },
  turn: { name: 'turn', selector: TURNS, expected: 'known' },
  fileInput: { name: 'file input', selector: FILE_INPUT, expected: 'optional' },
  codeBlock: { name: 'code block', selector: CODE_BLOCK, expected: 'optional' },
};
