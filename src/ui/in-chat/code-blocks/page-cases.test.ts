// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openChatBlocks } from '../../../../tests/support/chat-blocks.ts';
import { rootOf } from '../../../../tests/support/closed-roots.ts';
import type { CapturedMessage } from '../../../contracts/capture.ts';
import { vouchFor } from '../../kit/trusted-press.ts';
import { findComposer } from '../composer/index.ts';
import { findDesign, missingLandmarks } from '../landmarks/index.ts';
import { readBlock } from './read-block.ts';

const BAR = 'chatgpt-companion-run';
const VIEWER = '.cm-editor, [contenteditable="true"]';

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

const FIXTURES = join(import.meta.dirname, '../../../../tests/fixtures/page');
const show = (name: string): void => {
  document.body.innerHTML = readFileSync(join(FIXTURES, `${name}.html`), 'utf8');
};

/** Shows bars at the page's blocks; `said` are texts of its answers, as the wire has them. */
async function showBars(said: Readonly<Record<string, string>> = {}, status = 'finished_successfully') {
  const { blocks, placement } = openChatBlocks(ended.signal);
  for (const [messageId, text] of Object.entries(said)) {
    const message = { messageId, text, status, role: 'assistant' } as CapturedMessage;
    blocks.take({ kind: 'message', message });
  }
  placement.request();
  await vi.advanceTimersByTimeAsync(2_000);
  return { blocks, placement };
}

const bars = (): readonly Element[] => [...document.querySelectorAll(BAR)];
const languages = () => bars().map((bar) => rootOf(bar)?.querySelector('.quiet')?.textContent);

/** Presses Edit in each bar and answers with what would run, in the order of the page. */
async function programs({ blocks }: Awaited<ReturnType<typeof showBars>>) {
  for (const bar of bars()) {
    const click = new MouseEvent('click', { bubbles: true });
    vouchFor(click);
    rootOf(bar)?.querySelector('[data-action="edit-block"]')?.dispatchEvent(click);
    await vi.advanceTimersByTimeAsync(100);
  }
  return [...blocks.entries].map(([entry]) => ({ code: entry.run.code.value, key: entry.key, note: entry.note.value }));
}

describe.each([
  ['legacy-viewer-div', ['Python'], ['apples = 3\nprint(apples * 2)']],
  ['legacy-viewer-pre-br', ['Python'], ['apples = 3\nprint(apples * 2)']],
  ['legacy-viewer-pre-newlines', ['TypeScript'], ['const n: number = 3;\nconsole.log(n);']],
  ['legacy-viewer-alone', [''], ['print(1)']],
  ['legacy-until-2025', ['Python'], ['print(2)']],
  ['app-flat-header-label', ['Shell'], ['ls -la\npwd']],
  ['app-editor-gap', ['Python', 'TypeScript'], ['total = 0\ntotal += 1', 'const n: number = 3;\n\nconsole.log(n);']],
  ['app-no-selection-id', ['Python', 'Lua'], ['print(1)', 'print(2)']],
  ['app-shell-legacy-turns', ['Python'], ['print(3)']],
  ['new-turns-without-shell', ['Shell'], ['ls']],
  [
    'app-other-surfaces',
    ['Python', 'SQL'],
    ['def twice(n):\n    return 2 * n', 'SELECT name FROM fruit WHERE size > 2;'],
  ],
] as const)('on the page %s', (name, names, codes) => {
  it('each program has one bar, outside of any viewer, with its language', async () => {
    show(name);
    await showBars();
    expect(languages()).toEqual(names);
    for (const bar of bars()) expect(bar.parentElement?.closest(VIEWER)).toBeNull();
  });

  it('a press has the code as it is shown, and composer and turns are found', async () => {
    show(name);
    const shown = await showBars();
    expect((await programs(shown)).map(({ code }) => code)).toEqual(codes);
    const design = findDesign(document);
    expect(missingLandmarks(document, design, 'asked')).toEqual([]);
    expect(findComposer(document)).not.toBeNull();
  });
});

it.each([
  ['legacy-viewer-div', 'legacy'],
  ['app-editor-gap', 'app-shell'],
  ['app-work-composer', 'app-shell'],
  ['app-shell-legacy-turns', 'mixed'],
  ['new-turns-without-shell', 'app-shell'],
])('the page %s is reported as %s and lacks nothing', (name, id) => {
  show(name);
  const design = findDesign(document);
  expect(design?.id).toBe(id);
  expect(missingLandmarks(document, design, 'asked')).toEqual([]);
  expect(findComposer(document)?.className).not.toBe('old');
});

it('a composer is no field in which a message is edited, nor one of a route that is hidden', () => {
  document.body.innerHTML = `
    <div data-app-shell-active-page="false"><form data-chatgpt-composer><div id="hidden" data-composer-markdown contenteditable="true"></div></form></div>
    <div data-app-shell-active-page="true">
      <div data-turn-key="q"><form><div class="ProseMirror" contenteditable="true" role="textbox" id="edited"></div></form></div>
      <form><div class="ProseMirror" contenteditable="true" role="textbox" id="right"></div></form>
    </div>`;
  expect(findComposer(document)?.id).toBe('right');
});

const fence = (label: string, code: string, marks = '```') => `${marks}${label}\n${code}\n${marks}`;

/** A page of the new design with these blocks, as flat as it draws them. */
const showFlat = (...blocks: readonly { readonly header: string; readonly code: string }[]): void => {
  const drawn = blocks.map(({ header, code }) => {
    const block = document.createElement('div');
    block.setAttribute('data-markdown-copy', 'code-block');
    block.innerHTML = '<div data-markdown-copy="exclude"><div class="truncate"></div></div><div><code></code></div>';
    block.querySelector('.truncate')?.append(header);
    block.querySelector('code')?.append(code);
    return block.outerHTML;
  });
  document.body.innerHTML = `<div data-app-shell-active-page="true"><div data-turn-key="q"><div data-chatgpt-selection-message-id="m">${drawn.join('')}</div></div></div>`;
};

describe('with the text of the wire', () => {
  it('the language is that of the fence, whatever the header says', async () => {
    showFlat(
      { header: 'Klartext', code: 'local n = 1' },
      { header: 'Python', code: 'SELECT 1' },
      { header: 'Klartext', code: 'print(2)' },
      { header: 'Klartext', code: 'three apples' },
      { header: 'Klartext', code: 'x: 1' },
    );
    const text = [
      fence('lua', 'local n = 1'),
      fence('sql', 'SELECT 1'),
      fence('', 'print(2)'),
      fence('', 'three apples'),
    ];
    await showBars({ m: [...text, fence('yaml', 'x: 1')].join('\n\n') });
    expect(languages()).toEqual(['Lua', 'SQL', '']);
  });

  it('an editor that draws a part has all of its code', async () => {
    show('app-editor-gap');
    const long = ['total = 0', 'total += 1', 'total += 2', 'print(total)'].join('\n');
    const shown = await showBars({
      m1: `${fence('python', long)}\n\n${fence('ts', 'const n: number = 3;\n\nconsole.log(n);')}`,
    });
    expect(await programs(shown)).toMatchObject([
      { code: long, note: '' },
      { code: 'const n: number = 3;\n\nconsole.log(n);', note: '' },
    ]);
  });

  it('a part that fits more than one block says that it is a part, and is not filled up', async () => {
    show('app-editor-gap');
    document.querySelectorAll('[data-markdown-copy="code-block"]')[2]?.remove();
    const head = 'total = 0\ntotal += 1\n';
    const shown = await showBars({ m1: [fence('python', `${head}a`), fence('python', `${head}b`)].join('\n\n') });
    const [program] = await programs(shown);
    expect(program?.code).toBe('total = 0\ntotal += 1');
    expect(program?.note).toContain('only a part');
  });

  it('blanks that the page draws otherwise are those of the wire', async () => {
    showFlat({ header: 'Python', code: 'if 1:    print(1)' }, { header: 'Python', code: 'if 1:print(1)' });
    const shown = await showBars({
      m: [fence('python', 'if 1:\n    print(1)'), fence('python', 'if 1:\n\tprint(1)')].join('\n\n'),
    });
    expect((await programs(shown)).map(({ code }) => code)).toEqual(['if 1:\n    print(1)', 'if 1:\n\tprint(1)']);
  });

  it('two blocks with the same text are each its own, by order and by offset', async () => {
    showFlat({ header: 'Python', code: 'print(1)' }, { header: 'Lua', code: 'print(1)' });
    const text = [fence('python', 'print(1)'), fence('lua', 'print(1)')].join('\n\n');
    await showBars({ m: text });
    expect(languages()).toEqual(['Python', 'Lua']);
  });

  it('the page may draw one block of several: its offset tells which', async () => {
    showFlat({ header: '', code: 'print(1)' });
    const text = [fence('python', 'print(1)'), fence('lua', 'print(1)')].join('\n\n');
    document.querySelector('[data-markdown-copy]')?.setAttribute('data-start', String(text.indexOf('```lua')));
    await showBars({ m: text });
    expect(languages()).toEqual(['Lua']);
  });

  it('a block that fits no fence is run as it is seen', async () => {
    showFlat({ header: 'Python', code: 'print("seen")' }, { header: 'Python', code: 'print(2)' });
    const shown = await showBars({ m: [fence('python', 'print("other")'), fence('lua', 'print(2)')].join('\n\n') });
    expect((await programs(shown)).map(({ code }) => code)).toEqual(['print("seen")', 'print(2)']);
  });

  it('a fence within a longer one is a part of its block', async () => {
    const inner = fence('python', 'print(1)');
    showFlat({ header: 'Markdown', code: inner }, { header: 'Python', code: 'print(2)' });
    await showBars({ m: [fence('markdown', inner, '````'), fence('python', 'print(2)')].join('\n\n') });
    expect(languages()).toEqual(['Python']);
  });

  it('fences in lists and quotes are those of the blocks drawn there', async () => {
    showFlat({ header: 'x', code: 'print(1)\nprint(2)' }, { header: 'x', code: 'print(3)' });
    const text = '1. First\n\n   ```python\n   print(1)\n   print(2)\n   ```\n\n> ~~~lua\n> print(3)\n> ~~~';
    const shown = await showBars({ m: text });
    expect(languages()).toEqual(['Python', 'Lua']);
    expect((await programs(shown)).map(({ code }) => code)).toEqual(['print(1)\nprint(2)', 'print(3)']);
  });

  it('a fence that a cut stream left open is said to be a part', async () => {
    showFlat({ header: 'Python', code: 'print(1)\nfor n in' });
    const shown = await showBars({ m: '```python\nprint(1)\nfor n in' }, 'in_progress');
    const [program] = await programs(shown);
    expect(program).toMatchObject({ code: 'print(1)\nfor n in' });
    expect(program?.note).toContain('only a part');
  });

  it('that comes later than the bar, the bar has the language of the fence', async () => {
    showFlat({ header: 'Python', code: 'print(1)' });
    const { blocks, placement } = await showBars();
    expect(languages()).toEqual(['Python']);
    const message = { messageId: 'm', text: fence('lua', 'print(1)'), status: null, role: 'assistant' };
    blocks.take({ kind: 'message', message: message as CapturedMessage });
    placement.request();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(languages()).toEqual(['Lua']);
  });

  it('a diagram keeps its place among the fences', async () => {
    show('app-other-surfaces');
    const [diagram] = document.querySelectorAll('[data-markdown-copy="code-block"]');
    expect(diagram === undefined ? undefined : readBlock(diagram)).toBeNull();
    const shown = await showBars({
      m1: [
        fence('mermaid', 'graph TD'),
        fence('python', 'def twice(n):\n  return 2 * n'),
        fence('diff', '-import os\n+import sys'),
        fence('', 'print("flying")'),
        fence('output', 'print(3)'),
        fence('sql', 'SELECT name FROM fruit WHERE size > 2;'),
      ].join('\n\n'),
    });
    expect(languages()).toEqual(['Python', '', 'SQL']);
    expect((await programs(shown))[0]?.code).toBe('def twice(n):\n  return 2 * n');
  });
});

describe('blocks that the page changes under a bar or a card', () => {
  const blockAt = (at: number) => document.querySelectorAll('[data-markdown-copy="code-block"]')[at];
  const press = async (block: Element | undefined) => {
    const click = new MouseEvent('click', { bubbles: true });
    vouchFor(click);
    rootOf(block?.querySelector(BAR))?.querySelector('[data-action="edit-block"]')?.dispatchEvent(click);
    await vi.advanceTimersByTimeAsync(100);
  };
  const drawBefore = () => {
    const other = document.createElement('div');
    other.innerHTML = '<div data-markdown-copy="code-block"><code class="language-python">import shutil</code></div>';
    blockAt(0)?.before(...other.childNodes);
  };
  const lookAgain = async ({ placement }: Awaited<ReturnType<typeof showBars>>) => {
    placement.request();
    await vi.advanceTimersByTimeAsync(1_000);
  };

  it('one that comes before another changes nothing of what that runs', async () => {
    showFlat({ header: 'Python', code: 'print("answer")' });
    const { blocks } = await showBars();
    drawBefore();
    await press(blockAt(1));
    expect([...blocks.entries].map(([entry]) => entry.run.code.value)).toEqual(['print("answer")']);
    expect(blockAt(1)?.querySelector('chatgpt-companion-card')).not.toBeNull();
  });

  it('a card stays at its block where another comes before it', async () => {
    showFlat({ header: 'Python', code: 'print("answer")' });
    const shown = await showBars();
    await press(blockAt(0));
    drawBefore();
    await lookAgain(shown);
    expect(blockAt(0)?.querySelector('chatgpt-companion-card')).toBeNull();
    expect(blockAt(0)?.querySelector(BAR)).not.toBeNull();
    expect(blockAt(1)?.querySelector('chatgpt-companion-card')).not.toBeNull();
  });

  it('a card comes back to a block that is drawn anew, and to no other of its number', async () => {
    showFlat({ header: 'Python', code: 'print("answer")' });
    const shown = await showBars();
    await press(blockAt(0));
    showFlat({ header: 'Python', code: 'print("other")' });
    await lookAgain(shown);
    expect(blockAt(0)?.querySelector('chatgpt-companion-card')).toBeNull();
    showFlat({ header: 'Python', code: 'print("answer")' });
    await lookAgain(shown);
    expect(blockAt(0)?.querySelector('chatgpt-companion-card')).not.toBeNull();
  });

  it('another block in the same element is read anew: data has no bar, a program has', async () => {
    showFlat({ header: 'Python', code: 'print(1)' });
    const shown = await showBars({ m: fence('python', 'print(1)') });
    expect(languages()).toEqual(['Python']);
    const fill = async (id: string, header: string, code: string) => {
      document
        .querySelector('[data-chatgpt-selection-message-id]')
        ?.setAttribute('data-chatgpt-selection-message-id', id);
      blockAt(0)?.querySelector('.truncate')?.replaceChildren(header);
      blockAt(0)?.querySelector('code')?.replaceChildren(code);
      await lookAgain(shown);
    };
    await fill('n', 'JSON', '{"a": 1}');
    expect(languages()).toEqual([]);
    await fill('o', 'Lua', 'print(22)');
    expect(languages()).toEqual(['Lua']);
  });
});
