// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openChatBlocks } from '../../../../tests/support/chat-blocks.ts';
import { rootOf } from '../../../../tests/support/closed-roots.ts';
import { ok } from '../../../base/index.ts';
import type { CapturedMessage } from '../../../contracts/capture.ts';
import { vouchFor } from '../../kit/trusted-press.ts';
import { findDesign, type PageDesign } from '../landmarks/index.ts';
import { createThemeWatch } from '../theme-watch.ts';
import { keyOfBlock } from './block-cards.ts';
import { createCodeBlocks } from './code-blocks.ts';
import { looksLikeCode } from './looks-like-code.ts';

const BAR = 'chatgpt-companion-run';
const STEADY_MS = 1_000;
const PART = 'only a part';

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

const fence = (word: string, code: string): string => `\`\`\`${word}\n${code}\n\`\`\``;

/** A block of the newer design; `start` is where the page says that its fence opens. */
const block = (header: string, code: string, start?: number): string =>
  `<div data-markdown-copy="code-block"${start === undefined ? '' : ` data-start="${start}"`}><div data-markdown-copy="exclude"><div>${header}</div></div><div><code>${code}</code></div></div>`;

const answer = (id: string, ...blocks: readonly string[]): string =>
  `<div data-chatgpt-selection-message-id="${id}">${blocks.join('')}</div>`;

function draw(...answers: readonly string[]): void {
  document.body.innerHTML = `<div data-app-shell-active-page="true"><div data-turn-key="q"><div data-chatgpt-search-unit-key="t:assistant" data-chatgpt-search-message-ids="m m1 m2">${answers.join('')}</div></div></div>`;
}

type Page = ReturnType<typeof openChatBlocks>;

async function settle({ placement }: Page): Promise<void> {
  placement.request();
  await vi.advanceTimersByTimeAsync(2 * STEADY_MS);
}

function tell({ blocks }: Page, said: Readonly<Record<string, string>>, status = 'finished_successfully'): void {
  for (const [messageId, text] of Object.entries(said)) {
    const message = { messageId, text, status, role: 'assistant' } as CapturedMessage;
    blocks.take({ kind: 'message', message });
  }
}

async function show(said: Readonly<Record<string, string>>, status?: string): Promise<Page> {
  const page = openChatBlocks(ended.signal);
  tell(page, said, status);
  await settle(page);
  return page;
}

const bars = (): readonly Element[] => [...document.querySelectorAll(BAR)];
const languages = () => bars().map((bar) => rootOf(bar)?.querySelector('.quiet')?.textContent);

/** Presses Edit in each bar; what would run, and what is said of it. */
async function programs({ blocks }: Page) {
  for (const bar of bars()) {
    const click = new MouseEvent('click', { bubbles: true });
    vouchFor(click);
    rootOf(bar)?.querySelector('[data-action="edit-block"]')?.dispatchEvent(click);
    await vi.advanceTimersByTimeAsync(100);
  }
  return [...blocks.entries].map(([{ run, note }]) => ({ code: run.code.value, note: note.value }));
}

const codeIn = (at = 0): Element => document.querySelectorAll('code')[at] as Element;

describe('blocks that look alike', () => {
  const inside = 'if ready:\n    go()\n    stop()';
  const outside = 'if ready:\n    go()\nstop()';
  const text = `${fence('python', inside)}\n\n${fence('python', outside)}`;

  it.each([
    ['by the offset of each', text.lastIndexOf('```python'), 0],
    ['to the letter', undefined, undefined],
  ])('are told apart in another order, %s', async (_, first, second) => {
    draw(answer('m', block('Python', outside, first), block('Python', inside, second)));
    const page = await show({ m: text });
    expect((await programs(page)).map(({ code }) => code)).toEqual([outside, inside]);
  });

  it("take the fence that the page's word for the language fits", async () => {
    draw(answer('m', block('Python', 'print(1)')));
    await show({ m: `${fence('lua', 'print(1)')}\n\n${fence('python', 'print(1)')}` });
    expect(languages()).toEqual(['Python']);
  });

  it('have the languages of their own messages where one turn shows two', async () => {
    draw(answer('m1', block('', 'print(1)')), answer('m2', block('', 'print(1)')));
    await show({ m1: fence('python', 'print(1)'), m2: fence('lua', 'print(1)') });
    expect(languages()).toEqual(['Python', 'Lua']);
  });

  it('have no bar where their own message says that they are data', async () => {
    draw(answer('m2', block('', '{"size":1}')));
    await show({ m1: fence('js', '{"size":1}'), m2: fence('json', '{"size":1}') });
    expect(bars()).toEqual([]);
  });

  it('have no language of a fence where nothing tells which of two it is', async () => {
    draw(answer('m', block('', 'print(1)')));
    await show({ m: `${fence('lua', 'print(1)')}\n\n${fence('python', 'print(1)')}` });
    expect(languages()).toEqual(['']);
  });
});

it('blocks that are drawn in another order keep their fences', async () => {
  draw(answer('m', block('', 'ls -l'), block('', '{"a":1}'), block('', 'total = 3')));
  await show({ m: [fence('python', 'total = 3'), fence('bash', 'ls -l'), fence('json', '{"a":1}')].join('\n\n') });
  expect(languages()).toEqual(['Shell', 'Python']);
});

describe('a part', () => {
  it('that the page draws of a block is whole from the wire', async () => {
    draw(answer('m', block('', 'total = 1')));
    const page = await show({ m: fence('python', 'total = 1\ntotal += 2\nprint(total)') });
    expect(await programs(page)).toEqual([{ code: 'total = 1\ntotal += 2\nprint(total)', note: '' }]);
  });

  it.each(['finished_partial_completion', 'interrupted', 'in_progress'])(
    'is what an answer ends with whose status is %s',
    async (status) => {
      draw(answer('m', block('Python', 'total = 1\ntotal +=')));
      const page = await show({ m: '```python\ntotal = 1\ntotal +=' }, status);
      expect((await programs(page))[0]?.note).toContain(PART);
    },
  );

  it('is what stands in a block while the wire is behind the page', async () => {
    draw(answer('m', block('Python', 'total = 1\nprint(total)')));
    const page = await show({ m: '```python\ntot' }, 'in_progress');
    expect((await programs(page))[0]?.note).toContain(PART);
  });
});

describe('an element that the page takes for another block', () => {
  const reuse = (id: string, code: string): void => {
    document
      .querySelector('[data-chatgpt-selection-message-id]')
      ?.setAttribute('data-chatgpt-selection-message-id', id);
    codeIn().replaceChildren(code);
  };

  it.each(['m', 'm2'])('has a bar, and no card of the block before it, in the message %s', async (id) => {
    draw(answer('m', block('Python', 'print(1)')));
    const page = await show({});
    await programs(page);
    expect(bars()).toHaveLength(0);
    reuse(id, 'print(2)');
    await settle(page);
    expect(bars()).toHaveLength(1);
    expect(document.querySelector('[data-markdown-copy="code-block"] chatgpt-companion-card')).toBeNull();
  });

  it('is read anew though its text is as long', async () => {
    draw(answer('m', block('', '{"a":1}')));
    const page = await show({ m: fence('json', '{"a":1}') });
    expect(bars()).toEqual([]);
    reuse('m2', 'a=b=c=3');
    tell(page, { m2: fence('python', 'a=b=c=3') });
    await settle(page);
    expect(languages()).toEqual(['Python']);
  });
});

it('an earlier run is shown under the program that it was of, wherever that stands', async () => {
  const page = openChatBlocks(ended.signal);
  const callKey = keyOfBlock('c', { messageId: 'm', code: 'print(1)', copy: 0 });
  page.runs.knownRuns = async ({ callKeys }) =>
    ok(
      callKeys.filter((key) => key === callKey).map((key) => ({ callKey: key, language: 'python', code: 'print(1)' })),
    );
  const text = `${fence('python', 'print(1)')}\n\n${fence('python', 'print(2)')}`;
  draw(answer('m', block('Python', 'print(2)')));
  tell(page, { m: text });
  await settle(page);
  expect([...page.blocks.entries]).toEqual([]);
  draw(answer('m', block('Python', 'print(2)'), block('Python', 'print(1)')));
  await settle(page);
  expect([...page.blocks.entries].map(([{ run }]) => run.code.value)).toEqual(['print(1)']);
  expect(
    codeIn(1).closest('[data-markdown-copy="code-block"]')?.querySelector('chatgpt-companion-card'),
  ).not.toBeNull();
});

it('blocks beside one that fails have their bars', () => {
  draw(answer('m1', block('Python', 'print(1)')), answer('m2', block('Python', 'print(2)')));
  let asked = 0;
  const blocks = createCodeBlocks({
    theme: createThemeWatch(document, { signal: ended.signal }),
    isOn: () => true,
    messageText: () => {
      asked += 1;
      if (asked === 1) throw new Error('of a test');
      return { text: `${fence('python', 'print(1)')}\n${fence('python', 'print(2)')}`, isFinished: true };
    },
    findEarlier: async () => null,
    openCard: () => ({ element: document.createElement('div'), isInUse: () => false, close: () => undefined }),
    aimAt: () => undefined,
    lookAgain: () => undefined,
  });
  const look = () => blocks.look(findDesign(document) as PageDesign, document.body);
  expect(look).toThrow('of a test');
  vi.advanceTimersByTime(STEADY_MS);
  for (let at = 0; at < 3; at += 1) {
    look();
    vi.advanceTimersByTime(STEADY_MS);
  }
  expect(bars()).toHaveLength(2);
  blocks.close();
});

describe('a text without a language', () => {
  it.each([
    ' def f(x):\n-    return x\n+    return x + 1',
    '-const a = 1\n+const a = 2\n const b = 3',
    'git is a tool that tracks changes',
    'export the data as a table',
    'cd into the folder\ncurl up',
    'ls\ngrep\nsed\nawk',
    'try:\n  - a\nelse:\n  - b',
    '<script>\n  const x = 1;\n</script>',
  ])('is no program: %j', (text) => {
    expect(looksLikeCode(text)).toBe(false);
  });

  it.each(['x = [1, 2]\ny = x * 2', 'git status\nls', 'cd app && npm run build', 'if ready:\n    total += 1'])(
    'is a program: %j',
    (text) => {
      expect(looksLikeCode(text)).toBe(true);
    },
  );
});

it.each([
  ['Code', ''],
  ['Node.js', 'JavaScript'],
])('a header that says %s hides no bar', async (header, language) => {
  draw(answer('m', block(header, 'import os\nprint(os.name)')));
  await show({});
  expect(languages()).toEqual([language]);
});
