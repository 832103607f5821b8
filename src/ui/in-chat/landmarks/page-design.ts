import type { BlockOwner, PageDesign } from './landmark.ts';
import {
  ACTIVE_PAGE,
  ANY_PAGE,
  APP_TURN,
  CODE_BLOCK,
  COMPOSERS,
  DOCUMENT,
  LANDMARKS,
  LEGACY_TURN,
  MESSAGE_ID,
  MESSAGE_IDS,
  OF_USER,
  SELECTION_ID,
  TURN_ID,
  TURN_KEY,
  TURNS,
  UNIT,
  UNIT_KEYS,
} from './selectors.ts';

const isOutermost = (element: Element, selector: string): boolean => element.parentElement?.closest(selector) == null;

const wordsOf = (text: string | null): readonly string[] => (text ?? '').split(/\s+/u).filter((word) => word !== '');

/** Values of an attribute at an element and below it. */
const valuesIn = (element: Element, attribute: string): readonly string[] =>
  [element, ...element.querySelectorAll(`[${attribute}]`)].flatMap((each) => wordsOf(each.getAttribute(attribute)));

const roleOf = (unit: Element): string | null => {
  for (const name of UNIT_KEYS) {
    const role = unit.getAttribute(name)?.split(':').at(-1);
    if (role !== undefined) return role;
  }
  return null;
};

const ROLE = 'data-message-author-role';

const isOfUser = (block: Element): boolean => {
  if (block.closest(OF_USER) !== null) return true;
  for (let unit = block.closest(UNIT); unit !== null; unit = unit.parentElement?.closest(UNIT) ?? null)
    if (roleOf(unit) === 'user') return true;
  return false;
};

/** Ids of the messages that the part of a turn around a block is drawn from. */
function idsAround(block: Element): readonly string[] {
  const ids: string[] = [];
  for (let unit = block.closest(`[${MESSAGE_IDS}]`); unit !== null && ids.length === 0; ) {
    ids.push(...wordsOf(unit.getAttribute(MESSAGE_IDS)));
    unit = unit.parentElement?.closest(`[${MESSAGE_IDS}]`) ?? null;
  }
  return ids;
}

/** Whether it is drawn from a message that is neither the person's nor a tool's. */
function isOfAssistant(block: Element): boolean {
  const role = block.closest(`[${ROLE}]`)?.getAttribute(ROLE) ?? 'assistant';
  return role === 'assistant' && !isOfUser(block);
}

/** The id that the page gives the body of an answer, or its message. */
function idOfBody(block: Element): string | null {
  const body = block.closest(`[${SELECTION_ID}], [${MESSAGE_ID}]`);
  const id = body?.getAttribute(SELECTION_ID) ?? body?.getAttribute(MESSAGE_ID) ?? '';
  return id === '' ? null : id;
}

function ownerOf(block: Element): BlockOwner | null {
  if (!isOfAssistant(block)) return null;
  const around = idsAround(block);
  // Of several ids the last is the reply itself; without any, the turn is known by its question.
  const messageId = idOfBody(block) ?? around.at(-1) ?? block.closest(APP_TURN)?.getAttribute(TURN_KEY) ?? '';
  if (messageId === '') return null;
  return { messageId, messageIds: around.includes(messageId) ? [...new Set(around)] : [messageId] };
}

function idsOf(turn: Element): readonly string[] {
  const ids = [TURN_KEY, TURN_ID].flatMap((name) => wordsOf(turn.getAttribute(name)));
  for (const name of [MESSAGE_IDS, SELECTION_ID, MESSAGE_ID]) ids.push(...valuesIn(turn, name));
  return [...new Set(ids)];
}

/** An app turn holds both; of the design before it, each message is a turn. */
const isAnswer = (turn: Element): boolean =>
  turn.hasAttribute(TURN_KEY) || turn.querySelector(`[${ROLE}="user"]`) === null;

/** A field in which a message of the past is edited, and a document in an answer, are no composers. */
const isComposer = (editor: Element): boolean => editor.closest(`${TURNS}, [${MESSAGE_ID}]`) === null;

function composerOf(page: Element): HTMLElement | null {
  for (const selector of COMPOSERS)
    for (const editor of page.querySelectorAll<HTMLElement>(selector)) if (isComposer(editor)) return editor;
  return null;
}

/** The part of the document on screen; none between two routes, of which the hidden ones are none to stand on. */
export function pageOf(document: Document): Element | null {
  const active = document.querySelector(ACTIVE_PAGE);
  return active ?? (document.querySelector(ANY_PAGE) === null ? document.body : null);
}

function designOf(page: Element): PageDesign['id'] {
  const hasApp = page.matches(ACTIVE_PAGE) || page.querySelector(`${APP_TURN}, form[data-chatgpt-composer]`) !== null;
  const older = `${LEGACY_TURN}, form:not([data-chatgpt-composer]) #prompt-textarea`;
  const hasLegacy = page.querySelector(older) !== null;
  return hasApp && hasLegacy ? 'mixed' : hasApp ? 'app-shell' : 'legacy';
}

function codeBlocksOf(page: Element): readonly Element[] {
  const blocks: Element[] = [];
  // In the order of the page, so that what is within a block comes right after it.
  for (const block of page.querySelectorAll(CODE_BLOCK)) {
    if (blocks.at(-1)?.contains(block) === true) continue;
    if (block.closest(DOCUMENT) === null) blocks.push(block);
  }
  return blocks;
}

/** How the page on screen is read. */
export const createPageDesign = (page: Element): PageDesign => ({
  get id() {
    return designOf(page);
  },
  landmarks: LANDMARKS,
  pageOf,
  composerOf,
  fileInputOf: (shown) =>
    composerOf(shown)?.closest('form')?.querySelector<HTMLInputElement>(LANDMARKS.fileInput.selector) ??
    shown.querySelector<HTMLInputElement>(LANDMARKS.fileInput.selector),
  turnsOf: (shown) => [...shown.querySelectorAll(TURNS)].filter((turn) => isOutermost(turn, TURNS)),
  codeBlocksOf,
  idsOf,
  isAnswer,
  ownerOf,
  messageIdOf: (block) => ownerOf(block)?.messageId ?? null,
  slotOf: (turn) => turn,
});
