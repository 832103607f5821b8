// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rootOf } from '../../../tests/support/closed-roots.ts';
import { createFakeCardServices } from '../../../tests/support/fake-card-services.ts';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import { createTestCalls } from '../../../tests/support/test-calls.ts';
import { until } from '../../../tests/support/until.ts';
import { createCallCards } from './call-cards.ts';
import { createPlacement } from './placement.ts';
import { createSessionNames } from './session-names.ts';
import { createThemeWatch } from './theme-watch.ts';

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
  document.body.replaceChildren();
});

function turnOf(id: string): HTMLElement {
  const turn = document.createElement('div');
  turn.dataset['turnKey'] = id;
  return turn;
}

function open(isThinkingAsked = signal(false)) {
  document.body.innerHTML = '<main data-app-shell-active-page="true"><div data-turn-key="u1"></div></main>';
  const runs = createFakeRunsDoor();
  const settings = createFakeSettings({ startCalls: 'ask' });
  const placement = createPlacement(document, { signal: ended.signal });
  const theme = createThemeWatch(document, { signal: ended.signal });
  const removed = vi.spyOn(placement, 'remove');
  const left = vi.spyOn(theme, 'leave');
  const cards = createCallCards({
    services: createFakeCardServices(runs),
    placement,
    theme,
    onThinkingAnswer: () => undefined,
    isThinkingAsked,
    conversationOnScreen: () => 'c',
    signal: ended.signal,
  });
  const calls = createTestCalls({
    runs,
    settings,
    sessions: createSessionNames({ runs, conversationOnScreen: () => 'c' }),
    onEntry: (entry) => cards.add(entry),
    onChange: (entry) => {
      if (entry !== null) cards.place(entry);
    },
    onForget: (entry) => cards.remove(entry),
    signal: ended.signal,
  });
  /** Settles when the card is placed. */
  const take = async (messageId: string, thinking = false, auto = false) => {
    calls.take({
      kind: 'call',
      key: `c|${messageId}`,
      adapter: 'chatgpt',
      conversationId: 'c',
      messageId,
      tool: 'python',
      language: 'python',
      code: 'print(1)',
      auto,
      thinking,
    });
    await Promise.resolve();
  };
  return { runs, cards, calls, take, removed, left };
}

describe('the cards of a page', () => {
  it.each([false, true])('go with their calls: nothing holds them any more (thinking: %s)', async (thinking) => {
    const { cards, calls, take, removed, left } = open();
    await take('m1', thinking);
    await take('m2', thinking);
    const [first, second] = calls.all;
    if (first === undefined || second === undefined) throw new Error('two calls were taken');
    expect([...cards.entries]).toHaveLength(2);
    const [element] = [...cards.entries].map(([, card]) => card);
    const line = document.querySelector('chatgpt-companion-thinking');
    const calledLine = () => line && rootOf(line)?.querySelector('[data-part="thinking-summary"]')?.textContent;
    if (thinking) await until(() => expect(calledLine()).toBe('2 Python calls while thinking'));
    cards.remove(first);
    if (thinking) await until(() => expect(calledLine()).toBe('1 Python call while thinking'));
    expect([...cards.entries]).toHaveLength(1);
    expect(element?.isConnected).toBe(false);
    expect(left).toHaveBeenCalledWith(element);
    // The line of the thinking stays until its last card goes.
    expect(removed).toHaveBeenCalledTimes(thinking ? 0 : 1);
    cards.remove(second);
    expect(removed).toHaveBeenCalledTimes(thinking ? 1 : 2);
    expect(left).toHaveBeenCalledTimes(thinking ? 3 : 2);
    expect([...cards.entries]).toHaveLength(0);
    expect(document.querySelectorAll('chatgpt-companion-card, chatgpt-companion-thinking')).toHaveLength(0);
  });

  it.each([false, true])('stay seen while switched off where they have a run (thinking: %s)', async (thinking) => {
    const { runs, cards, calls, take } = open();
    await take('m1', thinking);
    await take('m2', thinking);
    const hidden = () => [...cards.entries].map(([, card]) => card.closest('[hidden]') !== null);
    cards.show(true);
    expect(hidden()).toEqual([false, false]);
    cards.show(false);
    expect(hidden()).toEqual([true, true]);
    const line = document.querySelector('chatgpt-companion-thinking');
    if (thinking) expect(line).toHaveProperty('hidden', true);
    await calls.all[0]?.run.start('press');
    expect(runs.started).toHaveLength(1);
    cards.show(false);
    // The running one can still be stopped; the other never ran.
    expect(hidden()).toEqual([false, true]);
    cards.show(true);
    expect(hidden()).toEqual([false, false]);
  });

  it('ask about the thinking in the newest turn whose calls may start, and nowhere where nothing may', async () => {
    const isThinkingAsked = signal(true);
    const { calls, take } = open(isThinkingAsked);
    const turn = (stream: string, state: 'open' | 'complete') =>
      calls.take({ kind: 'turn', stream, conversationId: 'c', userMessageId: stream, state, source: 'http:1' });
    const asks = () =>
      [...document.querySelectorAll('chatgpt-companion-thinking')].map(
        (line) => rootOf(line)?.querySelector('[data-part="thinking-question"]') !== null,
      );
    const play = (stream: string, auto: boolean) => {
      turn(stream, 'open');
      void take(`${stream}-call`, true, auto);
      turn(stream, 'complete');
    };
    document.querySelector('main')?.append(...['q1', 'q2', 'q3'].map(turnOf));
    play('q1', true);
    await vi.waitFor(() => expect(asks()).toEqual([true]));
    play('q2', true);
    await vi.waitFor(() => expect(asks()).toEqual([false, true]));
    // A call of the past does not start, whatever the answer.
    play('q3', false);
    await vi.waitFor(() => expect(asks()).toEqual([false, true, false]));
    isThinkingAsked.value = false;
    await vi.waitFor(() => expect(asks()).toEqual([false, false, false]));
    isThinkingAsked.value = true;
    await vi.waitFor(() => expect(asks()).toEqual([false, true, false]));
  });
});
