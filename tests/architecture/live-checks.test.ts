// @vitest-environment happy-dom
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { read } from './sources.ts';

const page = read('docs/check-the-live-site.md');
const questions = read('docs/wire.md').split('## 14. Not known')[1]?.split('\n## ')[0] ?? '';
const snippets = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
/** The anchor that a heading gets: small letters, no signs, a dash for a blank. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');

/** The snippet whose code has this in it. */
const snippet = (part: string): string => {
  const [code, ...more] = snippets.filter((one) => one.includes(part));
  if (code === undefined || more.length > 0) throw new Error(`not one snippet with ${part}`);
  return code;
};

/** What a person finds in the clipboard. The console's own `copy` is all that the page does not have; waits take no time. */
function copied(code: string, routes: readonly string[] = []): string {
  let clipboard = '';
  runInNewContext(code, {
    document,
    location: new URL('https://chatgpt.com/c/1'),
    URL,
    DataTransfer,
    ClipboardEvent,
    performance: { getEntriesByType: () => routes.map((name) => ({ name })) },
    setTimeout: (then: () => void) => then(),
    copy: (text: string) => (clipboard = text),
  });
  return clipboard;
}

/** Stands for all that is a person's own: messages, titles, ids, drafts. */
const OWN = 'Quince';
const VIEWER = (inner: string): string =>
  `<pre data-start="12" data-end="40" title="${OWN}"><div><div class="sticky">${OWN}</div>
  <div id="code-block-viewer" class="cm-editor"><div class="cm-scroller">${inner}</div></div></div></pre>`;

/** The forms of docs/site.md, B1 to B7. */
const BLOCKS = {
  plain: `<pre><div>${OWN}</div><code class="hljs language-python">${OWN} = 1\nprint(${OWN})</code></pre>`,
  'viewer without code': VIEWER(`<div class="cm-content"><span>${OWN}</span><br><span>${OWN}</span></div>`),
  'viewer with code': VIEWER(`<pre class="cm-content"><code><span>${OWN}</span><br><span>${OWN}</span></code></pre>`),
  'viewer with line ends': VIEWER(`<pre class="cm-content"><code>${OWN}\n${OWN}</code></pre>`),
  flat: `<div data-markdown-copy="code-block" data-markdown-copy-text="${OWN}"><div data-markdown-copy="exclude">
    <span class="truncate">${OWN}</span></div><code class="whitespace-pre!">${OWN}\n${OWN}</code></div>`,
  editor: `<div data-markdown-copy="code-block"><div class="cm-content" data-language="python">
    <div class="cm-line">${OWN}</div><div class="cm-gap"></div></div></div>`,
};

beforeEach(() => {
  document.body.innerHTML = '';
});

describe('the checks of the live site', () => {
  it('answer each open question, by its number', () => {
    const asked = found(questions, /\(check-the-live-site\.md#([\w-]+)\)/g);
    expect(asked.length).toBeGreaterThan(20);
    expect(found(page, /^## (\d+\. .+)$/gm).map(anchor)).toEqual(asked);
    expect(asked.map((name) => Number.parseInt(name, 10))).toEqual(asked.map((_, at) => at + 1));
  });

  it('each say what to do, what to compare and where the answer goes', () => {
    const checks = page.split(/^## (?=\d+\. )/m).slice(1);
    const lacking = checks.filter(
      (text) => !/\*Do:\*/.test(text) || !/\*Compare:?\*/.test(text) || !/\*If |\*Keep\*/.test(text),
    );
    expect(lacking.map((text) => text.split('\n')[0])).toEqual([]);
  });
});

describe('a snippet for the console', () => {
  it('counts the landmarks of a page', () => {
    document.body.innerHTML = `<main data-app-shell-active-page="true"><div data-turn-key="${OWN}">${BLOCKS.editor}</div></main>`;
    const lines = copied(snippet("'[data-app-action-timeline-scroll]'")).split('\n');
    expect(lines).toContain('1 [data-turn-key]');
    expect(lines).toContain('1 .cm-gap');
    expect(lines).toContain('0 #code-block-viewer');
  });

  it.each(Object.entries(BLOCKS))('says how a code block is built, and nothing of its text: %s', (_, html) => {
    document.body.innerHTML = `<p>${OWN}</p>${html}`;
    const outline = copied(snippet('const block ='));
    expect(outline).not.toContain(OWN);
    expect(outline.split('\n\n')).toHaveLength(1);
    expect(outline).toMatch(/^(?:pre|div)\b/);
    expect(outline).toMatch(/text: \d+ characters/);
  });

  it('tells the forms of code blocks apart', () => {
    const outline = (html: string): string => {
      document.body.innerHTML = html;
      return copied(snippet('const block ='));
    };
    expect(new Set(Object.values(BLOCKS).map(outline)).size).toBe(Object.keys(BLOCKS).length);
    expect(outline(BLOCKS['viewer without code'])).toMatch(
      /^pre data-start=12 data-end=40 title\n[\s\S]+id=code-block-viewer[\s\S]+\bbr$/m,
    );
    expect(outline(BLOCKS.editor)).toContain('data-language=python');
    expect(outline(BLOCKS.flat)).toContain('data-markdown-copy-text\n');
    expect(outline(BLOCKS['viewer with line ends'])).toContain('2 lines');
  });

  it('says how the composer is built, and nothing of the draft', () => {
    document.body.innerHTML = `<form data-chatgpt-composer data-type="unified-composer"><div id="prompt-textarea" aria-label="${OWN}"
      contenteditable="true" role="textbox" class="ProseMirror"><p>${OWN}<br></p></div><button title="${OWN}">${OWN}</button></form>`;
    const outline = copied(snippet('const parents ='));
    expect(outline).not.toContain(OWN);
    expect(outline.split('\n')).toEqual([
      'form data-chatgpt-composer data-type=unified-composer',
      'div id=prompt-textarea aria-label contenteditable=true role=textbox .ProseMirror',
      '  p',
      '    br',
      'buttons of the form: 1',
    ]);
  });

  it('names the routes of the site without ids, and no other host', () => {
    const routes = [
      'https://chatgpt.com/backend-alt/f/conversation',
      `https://chatgpt.com/backend-api/conversation/${OWN}-1234?token=${OWN}`,
      `https://chatgpt.com/backend-api/gizmos/g-p-6a-${OWN}/conversations`,
      `https://files.example/${OWN}`,
      '/backend-api/f/conversation',
    ];
    expect(copied(snippet('getEntriesByType'), routes).split('\n')).toEqual([
      '/backend-alt/f/conversation',
      '/backend-api/conversation/<id>',
      '/backend-api/f/conversation',
      '/backend-api/gizmos/<id>/conversations',
    ]);
  });
});

describe('a snippet that pastes', () => {
  const pasted = (code: string): string[] => {
    document.body.innerHTML = '<div id="prompt-textarea" contenteditable="true" tabindex="0"></div>';
    const editor = document.querySelector<HTMLElement>('#prompt-textarea');
    const texts: string[] = [];
    editor?.addEventListener('paste', (event) => texts.push(event.clipboardData?.getData('text/plain') ?? ''));
    editor?.focus();
    copied(code);
    return texts;
  };

  it('brings the sample to the editor that has the focus', () => {
    expect(pasted(snippet('data-prompt-literal-paste'))).toEqual(['- 1\na_b*c*']);
  });

  it('brings as many characters as the line says', () => {
    expect(pasted(snippet("'word '")).map(({ length }) => length)).toEqual([10_000]);
  });
});
