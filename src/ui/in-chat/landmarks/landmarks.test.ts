// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { type Acquaintance, findDesign, missingLandmarks } from './index.ts';

afterEach(() => document.body.replaceChildren());

const EDITOR = 'contenteditable="true" role="textbox"';
const legacy = {
  composer: `<form><div id="prompt-textarea" ${EDITOR}></div></form>`,
  // What stands there before the page is hydrated.
  fallback: '<form><textarea id="prompt-textarea"></textarea></form>',
  turn: '<section data-testid="conversation-turn-1"></section>',
  page: (...parts: string[]) => parts.join(''),
};
const app = {
  composer: `<form data-chatgpt-composer><div data-composer-markdown ${EDITOR}></div></form>`,
  fallback: '<form><textarea></textarea></form>',
  turn: '<div data-turn-key="q1"></div>',
  page: (...parts: string[]) => `<main data-app-shell-active-page="true">${parts.join('')}</main>`,
};

describe.each([
  ['legacy', legacy],
  ['app-shell', app],
] as const)('what a page of the %s design lacks', (id, { composer, fallback, turn, page }) => {
  test.each<[string, Acquaintance, string, string[]]>([
    ['a new chat, a project or a temporary chat', null, page(composer), []],
    ['a new chat before it is hydrated', null, page(fallback), []],
    ['a shared conversation', null, page(turn), []],
    ['a conversation with a question asked here', 'asked', page(turn, composer), []],
    ['a conversation of the past', 'told', page(turn, composer), []],
    ['an archived conversation of the past', 'told', page(turn), []],
    ['a conversation without its composer', 'asked', page(turn), ['composer']],
    ['a conversation whose turns are not found', 'asked', page(composer), ['turn']],
    ['one of the past whose turns are not found', 'told', page(composer), ['turn']],
  ])('%s', (_page, shown, html, missing) => {
    document.body.innerHTML = html;
    const design = findDesign(document);
    expect(design?.id).toBe(id);
    expect(missingLandmarks(document, design, shown)).toEqual(missing);
  });
});

test.each([
  ['is nothing where no conversation is shown', null, []],
  ['is all of it in a conversation of the past', 'told', ['design']],
  ['is all of it in a conversation with a question asked here', 'asked', ['design']],
] as const)('what a page of no known design lacks %s', (_when, shown, missing) => {
  document.body.innerHTML = '<main><div class="turn"></div></main>';
  expect(missingLandmarks(document, findDesign(document), shown)).toEqual(missing);
});

test('turns of a route that is hidden do not count for the one on screen', () => {
  document.body.innerHTML = `<main data-app-shell-active-page="false">${app.turn}</main>${app.page(app.composer)}`;
  expect(missingLandmarks(document, findDesign(document), 'told')).toEqual(['turn']);
});
