// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import { PagePart } from './page-part.tsx';

const place = document.createElement('div');
afterEach(() => render(null, place));

test.each([
  ['loading', 'This page has not loaded whole yet. If it stays so, load it again.'],
  ['unavailable', 'Open chatgpt.com in this tab to use the companion.'],
] as const)('says what to do with a page that is %s', (page, text) => {
  render(<PagePart page={page} />, place);
  expect(place.textContent).toBe(text);
});
