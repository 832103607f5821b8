// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { renderSafeHtml } from './safe-html.ts';

function shown(html: string): HTMLElement {
  const place = document.createElement('div');
  const fragment = renderSafeHtml(html);
  if (fragment !== null) place.append(fragment);
  return place;
}

describe('renderSafeHtml', () => {
  it('keeps tables and plain looks', () => {
    const place = shown('<table><tr><td colspan="2" style="color: red">a</td></tr></table>');
    expect(place.querySelector('td')?.getAttribute('colspan')).toBe('2');
    expect(place.querySelector('td')?.style.color).toBe('red');
  });

  it.each([
    '<script>parent.hacked = 1</script>',
    '<img src=x onerror="parent.hacked = 1">',
    '<a href="javascript:parent.hacked=1">x</a>',
    '<p onclick="parent.hacked = 1">x</p>',
    '<iframe srcdoc="<script>1</script>"></iframe>',
    '<svg onload="1"><script>1</script></svg>',
    '<form action="https://chatgpt.com"><input name=a></form>',
    '<p style="background-color: url(https://chatgpt.com/x)">x</p>',
    '<style>@import "https://chatgpt.com/x"</style>',
  ])('leaves nothing active of %s', (html) => {
    const out = shown(html).innerHTML;
    expect(out).not.toMatch(/script|onerror|onclick|onload|href|src|iframe|form|input|url\(|import/i);
  });

  it('says so where it ends before the end', () => {
    const of = (count: number) => shown('<b>1</b>'.repeat(count)).textContent;
    expect(of(100)).toBe('1'.repeat(100));
    expect(of(30_000)).toMatch(/^1+… The rest is too long to show here\.$/);
  });

  it('keeps the text of elements that it does not know', () => {
    expect(shown('<custom-x>text <b>bold</b></custom-x>').textContent).toBe('text bold');
  });
});
