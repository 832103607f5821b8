// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import { createPlacement, type Placeable } from './placement.ts';

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
  document.body.replaceChildren();
});

function make(markup: string): HTMLElement {
  const place = document.createElement('div');
  place.innerHTML = markup;
  document.body.append(place);
  return place;
}

function card(ids: readonly string[], patch: Partial<Placeable> = {}): Placeable {
  const element = document.createElement('chatgpt-companion-card');
  return { element, order: 1, turnIds: () => ids, isLive: () => false, ...patch };
}

/** Settles once observers were called; no timer of ours is due by then. */
const observersCalled = () =>
  new Promise<void>((done) => {
    const mark = document.createElement('i');
    new MutationObserver(() => done()).observe(mark, { attributes: true });
    mark.id = 'changed';
  });

const LEGACY = `<div id="prompt-textarea" contenteditable="true"></div>
  <section data-testid="conversation-turn-1" id="q"><div data-message-id="u1" data-message-author-role="user"></div></section>
  <section data-testid="conversation-turn-2" id="a"><div data-message-id="a1" data-message-author-role="assistant"></div></section>`;
const SHELL = `<div data-app-shell-active-page="false" style="display:none"><div data-turn-key="u1" id="hidden"></div></div>
  <div data-app-shell-active-page="true"><div data-turn-key="u1" id="t1"><div data-chatgpt-search-message-ids="a0 a1 a1"></div></div></div>`;

describe('createPlacement', () => {
  it('puts a card into the answer of the legacy design, known by answer or by question', () => {
    make(LEGACY);
    const placement = createPlacement(document, { signal: ended.signal });
    const byAnswer = card(['a1', 'u1']);
    const byQuestion = card(['u1'], { order: 2 });
    placement.add(byAnswer);
    placement.add(byQuestion);
    expect(byAnswer.element.parentElement?.id).toBe('a');
    expect(byQuestion.element.parentElement?.id).toBe('a');
  });

  it('takes the page on screen of the app shell, not a hidden one', () => {
    make(SHELL);
    const placement = createPlacement(document, { signal: ended.signal });
    const item = card(['a0']);
    placement.add(item);
    expect(item.element.parentElement?.id).toBe('t1');
    const byKey = card(['u1'], { order: 2 });
    placement.add(byKey);
    expect(byKey.element.parentElement?.id).toBe('t1');
  });

  it('comes back once after the page replaced the turn, and leaves with a turn that is gone', async () => {
    make(SHELL);
    const placement = createPlacement(document, { signal: ended.signal });
    const item = card(['a1']);
    placement.add(item);
    const page = document.querySelector('[data-app-shell-active-page="true"]');
    page?.replaceChildren(Object.assign(document.createElement('div'), { id: 't2' }));
    document.getElementById('t2')?.setAttribute('data-turn-key', 'a1');
    await until(() => expect(item.element.parentElement?.id).toBe('t2'));
    expect(document.querySelectorAll('chatgpt-companion-card')).toHaveLength(1);
    document.getElementById('t2')?.remove();
    await until(() => expect(item.element.isConnected).toBe(false));
  });

  it('is back before the page is drawn again, also right after a look', async () => {
    make(LEGACY);
    const placement = createPlacement(document, { signal: ended.signal });
    const item = card(['a1']);
    placement.add(item);
    const old = document.getElementById('a');
    const next = old?.cloneNode(false) as Element;
    next.innerHTML = '<div data-message-id="a1" data-message-author-role="assistant"></div>';
    old?.replaceWith(next);
    expect(item.element.isConnected).toBe(false);
    await observersCalled();
    expect(item.element.parentElement).toBe(next);
  });

  it('is not put back without end where the page takes it out each time', async () => {
    make(LEGACY);
    const placement = createPlacement(document, { signal: ended.signal });
    const item = card(['a1']);
    let takenOut = 0;
    const foe = new MutationObserver(() => {
      if (!item.element.isConnected) return;
      item.element.remove();
      takenOut += 1;
    });
    foe.observe(document.body, { childList: true, subtree: true });
    placement.add(item);
    const began = performance.now();
    await until(() => expect(takenOut).toBeGreaterThanOrEqual(4));
    // Of looks and of returns there is one each in 80 ms.
    expect(takenOut).toBeLessThanOrEqual(2 + (2 * (performance.now() - began)) / 80);
    foe.disconnect();
  });

  it('keeps the order of calls and stays behind what the page adds', async () => {
    make(SHELL);
    const placement = createPlacement(document, { signal: ended.signal });
    const second = card(['a1'], { order: 2 });
    const first = card(['a1'], { order: 1 });
    placement.add(second);
    placement.add(first);
    document.getElementById('t1')?.append(document.createElement('p'));
    await until(() => expect(document.getElementById('t1')?.lastElementChild).toBe(second.element));
    expect(second.element.previousElementSibling).toBe(first.element);
  });

  it('stands at the last turn while its own turn is being written', () => {
    make(LEGACY);
    const placement = createPlacement(document, { signal: ended.signal });
    const live = card(['unknown'], { isLive: () => true });
    const old = card(['unknown']);
    placement.add(live);
    placement.add(old);
    expect(live.element.parentElement?.id).toBe('a');
    expect(old.element.isConnected).toBe(false);
  });

  it.each([
    [
      'legacy',
      LEGACY,
      '<section data-testid="conversation-turn-4" id="b"><div data-message-id="a2"></div></section>',
      'a',
    ],
    ['app', SHELL, '<div data-turn-key="u2" id="b"></div>', 't1'],
  ])(
    'keeps what is pinned at the turn that was last when it came, in the %s design',
    async (_, markup, next, stays) => {
      make(markup);
      const placement = createPlacement(document, { signal: ended.signal });
      const pinned = card(['frame-1'], { isLive: () => true, isPinned: true });
      const live = card(['unknown'], { isLive: () => true });
      placement.add(pinned);
      placement.add(live);
      const turn = pinned.element.parentElement;
      expect(turn?.id).toBe(stays);
      const made = document.createElement('template');
      made.innerHTML = next;
      turn?.after(made.content);
      await until(() => expect(live.element.parentElement?.id).toBe('b'));
      expect(pinned.element.parentElement?.id).toBe(stays);
    },
  );

  it('moves what is pinned from a question to its answer, which comes later', async () => {
    make(LEGACY);
    document.getElementById('a')?.remove();
    const placement = createPlacement(document, { signal: ended.signal });
    const pinned = card(['frame-1'], { isLive: () => true, isPinned: true });
    placement.add(pinned);
    expect(pinned.element.parentElement?.id).toBe('q');
    const made = document.createElement('template');
    made.innerHTML = LEGACY;
    document.getElementById('q')?.after(made.content.querySelector('#a') ?? '');
    await until(() => expect(pinned.element.parentElement?.id).toBe('a'));
  });

  it('leaves nothing behind when it ends', () => {
    make(SHELL);
    const placement = createPlacement(document, { signal: ended.signal });
    placement.add(card(['a1']));
    ended.abort();
    expect(document.querySelector('chatgpt-companion-card')).toBeNull();
  });
});
