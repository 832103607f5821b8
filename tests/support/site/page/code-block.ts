import type { PageBehaviour } from '../options.ts';
import { isPlainText, languageName } from './code-names.ts';
import { lineTokens } from './code-tokens.ts';
import { element, icon, icons } from './element.ts';
import type { FencedCode } from './markdown.ts';
import type { Strings } from './strings.ts';

/** How many lines an editor block draws; gaps stand for the others. */
const linesInView = 36;
const lineHeight = 21;

export interface AppCodeOptions {
  readonly behaviour: Pick<PageBehaviour, 'codeBlocks' | 'blocksHaveRawText'>;
  readonly words: Strings;
  /** In the person's own message the header is empty. */
  readonly isQuestion: boolean;
}

/** A block of the new page, in one of three forms. None of them has a class or an element for the language but the editor. */
export function appCode(block: FencedCode, options: AppCodeOptions): HTMLElement {
  const { behaviour, words, isQuestion } = options;
  if (block.language === 'mermaid' && !isQuestion) return diagram(block.code);
  const forms = ['pre', 'flat', 'editor'] as const;
  const form = behaviour.codeBlocks === 'mixed' ? (forms[block.index % 3] ?? 'pre') : behaviour.codeBlocks;
  const header = isQuestion
    ? element('div', { 'data-markdown-copy': 'exclude' }, element('div'))
    : appHeader(block, words);
  return element(
    'div',
    {
      'data-markdown-copy': 'code-block',
      'data-theme': 'light',
      ...(behaviour.blocksHaveRawText ? { 'data-markdown-copy-text': block.code } : {}),
    },
    header,
    appBody(form, block),
  );
}

function appHeader({ code, language }: FencedCode, words: Strings): HTMLElement {
  return element(
    'div',
    { 'data-markdown-copy': 'exclude' },
    icon(icons.chevron),
    element(
      'div',
      { class: 'min-w-0 flex-1 truncate' },
      isPlainText(language) ? words.plainText : languageName(language),
    ),
    element('div', {}, copyButton(code, words)),
  );
}

export function copyButton(code: string, words: Strings): HTMLElement {
  const copy = element(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': words.copy },
    icon(icons.copy),
    words.copy,
  );
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(code).catch(() => {
      // Copying needs a permission that a test browser may not give; nothing depends on it.
    });
  });
  return copy;
}

function appBody(form: 'pre' | 'flat' | 'editor', { code, language }: FencedCode): HTMLElement {
  if (form === 'editor') return element('div', { class: 'overflow-auto', dir: 'ltr' }, editor(code, language));
  const lines = code.split('\n').flatMap((line, at) => {
    const drawn = element('span', {}, ...lineTokens(line));
    return at === 0 ? [drawn] : ['\n', drawn];
  });
  if (form === 'flat')
    return element(
      'div',
      { dir: 'ltr' },
      element('code', { class: 'whitespace-pre! block' }, element('span', {}, ...lines)),
    );
  return element('pre', { class: 'overflow-auto', dir: 'ltr' }, element('code', {}, ...lines));
}

/** Lines in view, and gaps as high as the others; what is in view goes with the scrolling. */
function editor(code: string, language: string): HTMLElement {
  const lines = code.split('\n');
  const content = element('div', {
    class: 'cm-content',
    ...(isPlainText(language) ? {} : { 'data-language': language }),
    role: 'textbox',
    'aria-multiline': 'true',
    'aria-readonly': 'true',
  });
  const scroller = element('div', { class: 'cm-scroller' }, content);
  const gap = (count: number): HTMLElement[] =>
    count === 0 ? [] : [element('div', { class: 'cm-gap', style: `height:${String(count * lineHeight)}px` })];
  let drawnFrom = -1;
  const draw = (): void => {
    const seen = Math.floor(scroller.scrollTop / lineHeight) - 6;
    const from = Math.max(0, Math.min(seen, lines.length - linesInView));
    if (from === drawnFrom) return;
    drawnFrom = from;
    const shown = lines
      .slice(from, from + linesInView)
      .map((line) => element('div', { class: 'cm-line' }, ...(line === '' ? [element('br')] : lineTokens(line))));
    content.replaceChildren(...gap(from), ...shown, ...gap(Math.max(0, lines.length - from - linesInView)));
  };
  scroller.addEventListener('scroll', draw);
  draw();
  return element('div', { class: 'cm-editor', dir: 'ltr' }, scroller);
}

/** The page draws Mermaid itself and leaves no code behind. */
function diagram(code: string): HTMLElement {
  const svg = icon(icons.chart);
  for (const [at, line] of code.split('\n').slice(1).entries()) {
    const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
    text.setAttribute('y', String(8 + 4 * at));
    text.textContent = line.trim();
    svg.append(text);
  }
  return element('div', { 'data-chatgpt-mermaid-preview': '' }, svg);
}
