// @vitest-environment happy-dom
// @vitest-environment-options { "url": "https://chatgpt.com/c/c1" }
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import { until } from '../../../tests/support/until.ts';
import { nextTask } from '../../bridge/index.ts';
import type { CaptureEvent } from '../../contracts/capture.ts';
import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import type { Settings } from '../../contracts/settings.ts';
import { beforePage, startBeforePage } from '../before-page/index.ts';
import { startInChat } from './start.ts';

const CARD = 'chatgpt-companion-card';
const TURN = '<main data-app-shell-active-page="true"><div data-turn-key="u1"></div></main>';
const CODES = ['a = 1', 'a += 1', 'print(a)'];
const call = (code: string, index: number): CaptureEvent => ({
  kind: 'call',
  key: `c1|m${index}`,
  adapter: 'chatgpt',
  conversationId: 'c1',
  messageId: `m${index}`,
  tool: 'python',
  language: 'python',
  code,
  auto: true,
  thinking: false,
});

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
  document.body.replaceChildren();
});

/** The page in its first moment: nothing that the extension has to ask for has come yet. */
function start() {
  const runs = createFakeRunsDoor();
  const { promise: opened, resolve } = Promise.withResolvers<{ runs: typeof runs; settings: SettingsDoor }>();
  const chat = startBeforePage({
    window,
    open: () => opened,
    health: () => {
      throw new Error('nobody asked for a report');
    },
    messageText: () => null,
    sendSeedResponse: () => Promise.resolve(false),
    signal: ended.signal,
  });
  const open = async (settings: Partial<Settings> = {}): Promise<void> => {
    resolve({ runs, settings: createFakeSettings(settings) });
    await opened;
  };
  return { runs, chat, open };
}

/** The document is parsed; the second script lives until its end is called. */
function startSecond(): () => void {
  const life = new AbortController();
  void startInChat(document, beforePage(), { openTerminals: async () => true, signal: life.signal });
  return () => life.abort();
}

const cardCount = (): number => document.querySelectorAll(CARD).length;
/** A start is some promises away, all of which have settled in a later task. */
async function tasks(): Promise<void> {
  for (let task = 0; task < 3; task += 1) await nextTask({ signal: ended.signal });
}

describe('startInChat', () => {
  it('keeps what is seen before the settings are there, and starts it in its order', async () => {
    const { runs, chat, open } = start();
    for (const [index, code] of CODES.entries()) chat.take(call(code, index));
    expect(chat.report()).toBe('loading');
    startSecond();
    await open();
    await until(() => expect(runs.started).toHaveLength(CODES.length));
    expect(runs.started.map(({ request }) => request.code)).toEqual(CODES);
  });

  it('starts nothing of it for a person who switched everything off', async () => {
    const { runs, chat, open } = start();
    chat.take(call('print(1)', 0));
    startSecond();
    await open({ isOn: false });
    chat.take(call('print(2)', 1));
    await tasks();
    expect(runs.started).toEqual([]);
  });

  it('hears drags before a listener that the page adds in its first moment', async () => {
    document.body.innerHTML = TURN;
    const { chat, open } = start();
    const heard: string[] = [];
    window.addEventListener('drop', ({ type }) => heard.push(type), { capture: true, signal: ended.signal });
    chat.take(call('print(1)', 0));
    startSecond();
    await open();
    await until(() => expect(document.querySelector(CARD)).not.toBeNull());
    // What a browser says of files that are dragged; happy-dom says otherwise.
    const dataTransfer = { types: ['Files'], files: [] };
    const drop = () => Object.assign(new Event('drop', { bubbles: true, composed: true }), { dataTransfer });
    document.querySelector(CARD)?.dispatchEvent(drop());
    expect(heard).toEqual([]);
    document.body.dispatchEvent(drop());
    expect(heard).toEqual(['drop']);
  });

  it('starts nothing and shows nothing before the second script, and mounts once where that comes late', async () => {
    document.body.innerHTML = TURN;
    const { runs, chat, open } = start();
    await open();
    chat.take(call('print(1)', 0));
    await tasks();
    expect([runs.started.length, cardCount()]).toEqual([0, 0]);
    startSecond();
    await until(() => expect(cardCount()).toBe(1));
    expect(runs.started).toHaveLength(1);
  });

  it('mounts nothing twice where the second script comes twice: what the earlier one showed goes with it', async () => {
    document.body.innerHTML = TURN;
    const { runs, chat, open } = start();
    await open();
    const end = startSecond();
    chat.take(call('print(1)', 0));
    await until(() => expect(cardCount()).toBe(1));
    end();
    startSecond();
    await tasks();
    expect(cardCount()).toBe(0);
    chat.take(call('print(2)', 1));
    await until(() => expect(runs.started.map(({ request }) => request.code)).toEqual(['print(1)', 'print(2)']));
    expect(cardCount()).toBe(1);
  });

  it('shows nothing where there is no first script, and ends with the first one', async () => {
    document.body.innerHTML = TURN;
    await startInChat(document, undefined, { openTerminals: async () => true, signal: ended.signal });
    const { chat, open } = start();
    await open();
    startSecond();
    chat.take(call('print(1)', 0));
    await until(() => expect(cardCount()).toBe(1));
    ended.abort();
    expect(cardCount()).toBe(0);
  });
});
