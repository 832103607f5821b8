// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDesign } from '../landmarks/index.ts';
import { type ChangedBlocks, createChangedBlocks } from './changed-blocks.ts';

let changed: ChangedBlocks;
let page: HTMLElement;
const [first, second] = ['first', 'second'] as const;

function block(id: string): HTMLElement {
  const found = page.querySelector<HTMLElement>(`#${id}`);
  if (found === null) throw new Error(`no block ${id}`);
  return found;
}

/** Which blocks of those asked about may have changed since they were asked about last. */
function changes(...ids: string[]): string[] {
  const design = findDesign(document);
  if (design === null) throw new Error('no design');
  changed.update(design, page);
  return ids.filter((id) => changed.hasChanged(block(id)));
}

beforeEach(() => {
  document.body.innerHTML = `<main data-app-shell-active-page="true"><div data-turn-key="t1"><div class="answer">
    <pre id="first"><code>one</code></pre><pre id="second"><code>two</code></pre></div></div></main>`;
  const main = document.querySelector('main');
  if (main === null) throw new Error('no page');
  page = main;
  changed = createChangedBlocks();
});
afterEach(() => changed.close());

describe('a block', () => {
  it('counts as changed when it is asked about for the first time', () => {
    expect(changes(first, second)).toEqual([first, second]);
    expect(changes(first, second)).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['its text is another', () => block(first).firstElementChild?.replaceChildren('three')],
    [
      'a text in it is written on',
      () => {
        const text = block(first).firstElementChild?.firstChild;
        if (text instanceof Text) text.data += '!';
      },
    ],
    ['a line comes in', () => block(first).append(document.createElement('span'))],
    ['it was away', () => page.querySelector('.answer')?.insertBefore(block(first), block(second))],
    [
      'what holds it was away and had another text meanwhile',
      () => {
        const { parentElement: holder } = block(second);
        holder?.remove();
        holder?.querySelector('#first code')?.replaceChildren('four');
        page.append(holder ?? '');
      },
    ],
  ])('has changed where %s', (_what, change) => {
    changes(first, second);
    change();
    expect(changes(first)).toEqual([first]);
  });

  it('has not changed where another did, or where something of ours was put into it', () => {
    changes(first, second);
    block(second).append('more');
    block(first).append(document.createElement('chatgpt-companion-run'));
    expect(changes(first, second)).toEqual([second]);
  });

  it('has changed where the page is another one', () => {
    changes(first);
    const other = document.createElement('main');
    other.setAttribute('data-app-shell-active-page', 'true');
    other.append(...page.childNodes);
    page.replaceWith(other);
    page = other;
    expect(changes(first)).toEqual([first]);
  });
});
