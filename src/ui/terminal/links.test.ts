import { afterEach, expect, test, vi } from 'vitest';
import { openLink } from './links.ts';

afterEach(() => vi.unstubAllGlobals());

function opened(address: string): readonly unknown[] {
  const open = vi.fn();
  vi.stubGlobal('window', { open });
  openLink(address);
  return open.mock.calls;
}

test.each(['https://example.org/a?b=c', 'http://example.org/'])('opens %s without an opener', (address) => {
  expect(opened(address)).toEqual([[address, '_blank', 'noopener,noreferrer']]);
});

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/passwd',
  'chrome-extension://abc/popup.html',
  'moz-extension://abc/popup.html',
  'blob:https://example.org/1',
  'no address',
  '',
])('opens nothing for %s', (address) => {
  expect(opened(address)).toEqual([]);
});
