// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openChatBlocks } from '../../../../tests/support/chat-blocks.ts';
import { rootOf } from '../../../../tests/support/closed-roots.ts';
import { ok } from '../../../base/index.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import { vouchFor } from '../../kit/trusted-press.ts';
import { findDesign, type PageDesign } from '../landmarks/index.ts';
import { createThemeWatch } from '../theme-watch.ts';
import { keyOfBlock } from './block-cards.ts';
import { createCodeBlocks } from './code-blocks.ts';

const BAR = 'chatgpt-companion-run';
const CARD = 'chatgpt-companion-card';
const MOST_CARDS = 100;
const STEADY_MS = 400;

let ended = new AbortController();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  ended.abort();
  ended = new AbortController();
  document.body.replaceChildren();
  vi.useRealTimers();
});

function showBlocks(count: number, label = 'python'): readonly Element[] {
  const blocks = Array.from(
    { length: count },
    (_, n) => `<pre><code class="language-${label}">print(${n})</code></pre>`,
  );
  document.body.innerHTML = `<p id="prompt-textarea"></p><div data-message-author-role="assistant" data-message-id="m">${blocks.join('')}</div>`;
  return [...document.querySelectorAll('pre')];
}

const open = () => openChatBlocks(ended.signal);

function press(block: Element | undefined, action: 'run-block' | 'edit-block'): void {
  const bar = block?.querySelector(BAR);
  const button = rootOf(bar)?.querySelector(`[data-action="${action}"]`);
  expect(button).toBeInstanceOf(HTMLElement);
  const click = new MouseEvent('click', { bubbles: true });
  vouchFor(click);
  button?.dispatchEvent(click);
}

it('lets go of the oldest card that is not in use, and its block has its buttons again', async () => {
  const { runs, placement, blocks } = open();
  const shown = showBlocks(MOST_CARDS + 1);
  // The first runs on, the second is edited; the others end at once.
  runs.onStart((run) => {
    if (runs.started.length === 1) return;
    const base = { timeMs: 1, memoryBytes: 1 };
    run.tell({ kind: 'ended', outcome: { ...base, kind: 'completed', exitCode: 0, result: null, error: null } });
  });
  placement.request();
  await vi.advanceTimersByTimeAsync(3 * STEADY_MS);
  for (const [at, block] of shown.entries()) {
    press(block, at === 1 ? 'edit-block' : 'run-block');
    await vi.advanceTimersByTimeAsync(STEADY_MS);
  }
  expect(runs.started).toHaveLength(MOST_CARDS);
  expect([...blocks.entries]).toHaveLength(MOST_CARDS);
  expect(document.querySelectorAll(CARD)).toHaveLength(MOST_CARDS);
  for (const block of shown.slice(0, 2)) expect(block.querySelector(CARD)).not.toBeNull();
  placement.request();
  await vi.advanceTimersByTimeAsync(3 * STEADY_MS);
  expect(shown[2]?.querySelector(CARD)).toBeNull();
  expect(shown[2]?.querySelector(BAR)).not.toBeNull();
  ended.abort();
  expect(document.querySelectorAll(`${CARD}, ${BAR}`)).toHaveLength(0);
});

it('shows the earlier run of a block, as it ran, once and by one question for all blocks', async () => {
  const { runs, placement, blocks } = open();
  const knownRuns = vi.spyOn(runs, 'knownRuns');
  const callKey = keyOfBlock('c', { messageId: 'm', code: 'print(1)', copy: 0 });
  const request = { sessionId: 'c' as SessionId, limits: { timeMs: 1, memoryMB: 1 }, stdin: null } as const;
  runs.onStart((run) => {
    const base = { timeMs: 1, memoryBytes: 1 };
    run.tell({ kind: 'ended', outcome: { ...base, kind: 'completed', exitCode: 0, result: '42', error: null } });
  });
  await runs.start({ ...request, callKey, language: 'lua', code: 'return 42', trigger: 'press' });
  const shown = showBlocks(3);
  placement.request();
  await vi.advanceTimersByTimeAsync(3 * STEADY_MS);
  expect(knownRuns).toHaveBeenCalledTimes(1);
  expect([...blocks.entries].map(([{ run }]) => [run.code.value, run.language.value])).toEqual([['return 42', 'lua']]);
  const card = shown[1]?.querySelector(CARD);
  expect(rootOf(card)?.querySelector('[data-part="result"]')?.textContent).toBe('42');
  expect(shown.map((block) => block.querySelector(BAR) !== null)).toEqual([true, false, true]);
  expect(runs.started).toHaveLength(1);
  const again = new MouseEvent('click', { bubbles: true });
  vouchFor(again);
  rootOf(card)?.querySelector('[data-action="again"]')?.dispatchEvent(again);
  await vi.advanceTimersByTimeAsync(STEADY_MS);
  expect(runs.started.map(({ request: { code, language } }) => [code, language])).toEqual([
    ['return 42', 'lua'],
    ['return 42', 'lua'],
  ]);
});

it('starts nothing where a person was faster than the question', async () => {
  const { runs, placement, blocks } = open();
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof runs.knownRuns>>>();
  runs.knownRuns = () => promise;
  const shown = showBlocks(1);
  placement.request();
  await vi.advanceTimersByTimeAsync(3 * STEADY_MS);
  press(shown[0], 'edit-block');
  resolve(
    ok([{ callKey: keyOfBlock('c', { messageId: 'm', code: 'print(0)', copy: 0 }), language: 'lua', code: 'earlier' }]),
  );
  await vi.advanceTimersByTimeAsync(STEADY_MS);
  expect([...blocks.entries].map(([{ run }]) => run.code.value)).toEqual(['print(0)']);
});

it('looks again once for all blocks that are being written', async () => {
  const shown = showBlocks(20);
  const lookAgain = vi.fn();
  const blocks = createCodeBlocks({
    theme: createThemeWatch(document, { signal: ended.signal }),
    isOn: () => true,
    messageText: () => null,
    findEarlier: async () => null,
    openCard: () => ({ element: document.createElement('div'), isInUse: () => false, close: () => undefined }),
    aimAt: () => undefined,
    lookAgain,
  });
  blocks.look(findDesign(document) as PageDesign, document.body);
  await vi.advanceTimersByTimeAsync(STEADY_MS);
  expect(lookAgain).toHaveBeenCalledTimes(1);
  blocks.look(findDesign(document) as PageDesign, document.body);
  expect(document.querySelectorAll(BAR)).toHaveLength(shown.length);
  await vi.advanceTimersByTimeAsync(STEADY_MS);
  expect(lookAgain).toHaveBeenCalledTimes(1);
});

it.each([
  ['bash', 1],
  ['python', 0],
])('a pointer or the focus at a block of %s asks for an engine ahead: %i', async (label, times) => {
  const { runs, placement } = open();
  const warm = vi.spyOn(runs, 'warm');
  const [block] = showBlocks(1, label);
  placement.request();
  await vi.advanceTimersByTimeAsync(3 * STEADY_MS);
  expect(warm).not.toHaveBeenCalled();
  const root = rootOf(block?.querySelector(BAR));
  root?.querySelector('.bar')?.dispatchEvent(new Event('pointerenter'));
  expect(warm).toHaveBeenCalledTimes(times);
  if (times > 0) expect(warm).toHaveBeenCalledWith({ language: 'shell', sessionId: 'c' });
  root?.querySelector('button')?.dispatchEvent(new Event('focusin', { bubbles: true }));
  expect(warm).toHaveBeenCalledTimes(2 * times);
});
