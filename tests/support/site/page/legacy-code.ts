import type { PageBehaviour } from '../options.ts';
import { copyButton } from './code-block.ts';
import { isPlainText, languageName } from './code-names.ts';
import { lineTokens } from './code-tokens.ts';
import { element } from './element.ts';
import type { FencedCode } from './markdown.ts';
import type { Strings } from './strings.ts';

const viewers = ['viewer-div', 'viewer-pre-br', 'viewer-pre-newlines'] as const;
type Viewer = (typeof viewers)[number];

/** A block of the legacy page: a read-only viewer since 2026, `code.language-…` before. */
export function legacyCode(block: FencedCode, form: PageBehaviour['legacyBlocks'], words: Strings): HTMLElement {
  const isOld = form === 'until-2025';
  const chosen = form === 'mixed' ? (viewers[block.index % viewers.length] ?? 'viewer-div') : form;
  return element(
    'pre',
    {
      class: 'overflow-visible! px-0!',
      'data-start': String(block.start),
      'data-end': String(block.end),
    },
    isOld || chosen === 'until-2025' ? oldBlock(block, words) : viewerBlock(block, chosen, words),
  );
}

function viewerBlock(block: FencedCode, form: Viewer, words: Strings): HTMLElement {
  const hasName = !isPlainText(block.language);
  const copy = element('div', {}, copyButton(block.code, words));
  // Only a block that has a name has a header; else the button lies over the code.
  const header = hasName
    ? element(
        'div',
        { class: 'sticky' },
        element(
          'div',
          { class: 'flex' },
          element('div', { class: 'text-sm font-medium' }, languageName(block.language)),
          copy,
        ),
      )
    : element('div', { class: 'pointer-events-none absolute end-1.5 top-1 z-2' }, copy);
  const viewer = element(
    'div',
    { id: 'code-block-viewer', dir: 'ltr', class: 'q9tKkq_viewer cm-editor flex h-full w-full flex-col items-stretch' },
    element('div', { class: 'cm-scroller' }, viewerContent(block.code, form)),
  );
  const frame = element(
    'div',
    { class: 'border rounded-3xl' },
    header,
    element('div', { class: 'relative z-0 flex max-w-full' }, viewer),
  );
  return element('div', { class: 'relative w-full mt-4 mb-1' }, element('div', { class: 'relative' }, frame));
}

function viewerContent(code: string, form: Viewer): HTMLElement {
  const lines = code.split('\n').flatMap((line, at): (Node | string)[] => {
    if (at === 0) return lineTokens(line);
    return [form === 'viewer-pre-newlines' ? '\n' : element('br'), ...lineTokens(line)];
  });
  if (form === 'viewer-div') return element('div', { class: 'cm-content q9tKkq_readonly' }, ...lines);
  return element('pre', { class: 'cm-content q9tKkq_readonly m-0' }, element('code', {}, ...lines));
}

function oldBlock({ code, language }: FencedCode, words: Strings): HTMLElement {
  const body = element('code', { class: `whitespace-pre! ${language === '' ? '' : `language-${language}`}`.trim() });
  body.append(element('span', {}, ...code.split('\n').map((line) => element('span', {}, ...lineTokens(line), '\n'))));
  return element(
    'div',
    { class: 'contain-inline-size rounded-2xl relative' },
    element('div', { class: 'flex items-center px-4 py-2 text-xs' }, language),
    element(
      'div',
      { class: 'sticky top-9' },
      element('div', { class: 'absolute end-0 bottom-0' }, copyButton(code, words)),
    ),
    element('div', { class: 'overflow-y-auto p-4', dir: 'ltr' }, body),
  );
}
