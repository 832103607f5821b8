import type { PageBehaviour } from '../options.ts';
import { element } from './element.ts';
import type { Strings } from './strings.ts';

/** How many lines an editor block draws before a gap stands for the rest. */
const linesInView = 36;

/** Legacy form: `pre` with a header and `code.language-…`. */
export function legacyCode(code: string, language: string, words: Strings): HTMLElement {
  const body = element('code', { class: `hljs language-${language || 'plaintext'}` }, code);
  return element(
    'pre',
    { class: 'code-block' },
    codeHeader(language, code, words, {}),
    element('div', { class: 'code-scroll', dir: 'ltr' }, body),
  );
}

/** New form, one of three. */
export function appCode(
  code: string,
  language: string,
  index: number,
  form: PageBehaviour['codeBlocks'],
  words: Strings,
): HTMLElement {
  const forms = ['pre', 'flat', 'editor'] as const;
  const chosen = form === 'mixed' ? (forms[index % 3] ?? 'pre') : form;
  const header = codeHeader(language, code, words, { 'data-markdown-copy': 'exclude' });
  return element(
    'div',
    { 'data-markdown-copy': 'code-block', class: 'code-block' },
    header,
    codeBody(chosen, code, language),
  );
}

function codeBody(form: 'pre' | 'flat' | 'editor', code: string, language: string): HTMLElement {
  if (form === 'pre')
    return element(
      'pre',
      { class: 'code-scroll', dir: 'ltr' },
      element('code', { class: `language-${language}` }, code),
    );
  if (form === 'flat')
    return element(
      'div',
      { class: 'code-scroll', dir: 'ltr' },
      element('code', { class: 'whitespace-pre!', 'data-language': language }, code),
    );
  const lines = code.split('\n');
  const shown = lines
    .slice(0, linesInView)
    .map((line) => element('div', { class: 'cm-line' }, line === '' ? document.createElement('br') : line));
  const content = element(
    'div',
    {
      class: 'cm-content',
      'data-language': language,
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-readonly': 'true',
    },
    ...shown,
  );
  const hiddenCount = lines.length - shown.length;
  if (hiddenCount > 0)
    content.append(element('div', { class: 'cm-gap', style: `height:${String(hiddenCount * 21)}px` }));
  return element(
    'div',
    { class: 'cm-editor code-scroll', dir: 'ltr' },
    element('div', { class: 'cm-scroller' }, content),
  );
}

function codeHeader(language: string, code: string, words: Strings, attributes: Record<string, string>): HTMLElement {
  const copy = element('button', { type: 'button', class: 'quiet' }, words.copy);
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(code).catch(() => {
      // Copying needs a permission that a test browser may not give; nothing depends on it.
    });
  });
  return element('div', { class: 'code-header', ...attributes }, element('span', {}, language || 'text'), copy);
}
