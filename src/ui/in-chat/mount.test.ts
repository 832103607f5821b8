// @vitest-environment happy-dom
// @vitest-environment-options { "url": "https://chatgpt.com/" }
import { afterEach, expect, test } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import type { CapturedMessage, CaptureEvent, CaptureHealth } from '../../contracts/capture.ts';
import { mountInChat } from './mount.ts';

const COMPOSER =
  '<form data-chatgpt-composer><p data-composer-markdown contenteditable="true" role="textbox"></p></form>';
const show = (path: string, inside: string) => {
  history.pushState(null, '', path);
  document.body.innerHTML = `<main data-app-shell-active-page="true">${inside}</main>`;
};

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
  document.body.replaceChildren();
});

function mount() {
  const health = { decoded: 1 } as CaptureHealth;
  const chat = mountInChat({
    document,
    runs: createFakeRunsDoor(),
    settings: createFakeSettings(),
    openTerminals: async () => true,
    health: () => health,
    messageText: () => null,
    sendSeedResponse: () => Promise.resolve(false),
    signal: ended.signal,
  });
  return { ...chat, missing: () => chat.report().missingLandmarks };
}

const turn = (conversationId: string | null, state: 'open' | 'complete'): CaptureEvent => ({
  kind: 'turn',
  stream: '1',
  source: 'http:1',
  state,
  conversationId,
  userMessageId: 'u1',
});
const message = (conversationId: string): CaptureEvent => ({
  kind: 'message',
  message: {
    key: `${conversationId}|a1`,
    messageId: 'a1',
    conversationId,
    role: 'assistant',
    recipient: 'all',
    channel: 'final',
    contentType: 'text',
    text: 'An answer.',
    status: 'finished_successfully',
    parentId: null,
    isHidden: false,
    isThinking: false,
  } as unknown as CapturedMessage,
});

test('a new chat after an answer lacks nothing, and neither does any other page without that conversation', () => {
  show('/', COMPOSER);
  const { take, missing } = mount();
  take(turn(null, 'open'));
  take(message('c1'));
  take(turn('c1', 'complete'));
  show('/c/c1', `<div data-turn-key="u1"></div>${COMPOSER}`);
  expect(missing()).toEqual([]);
  for (const path of ['/', '/c/c2', '/g/g-p-1/project', '/?temporary-chat=true']) {
    show(path, COMPOSER);
    expect(missing(), path).toEqual([]);
  }
  for (const path of ['/share/c1', '/library']) {
    show(path, '');
    expect(missing(), path).toEqual([]);
  }
  show('/g/g-1/c/c1', '');
  expect(missing()).toEqual(['composer', 'turn']);
});

test('a conversation that only its history told of needs its turns; one of the past may have no composer', () => {
  show('/c/c1', '');
  const { take, missing } = mount();
  expect(missing()).toEqual([]);
  take(message('c1'));
  expect(missing()).toEqual(['turn']);
});
