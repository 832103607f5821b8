// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';

it('a content script ends when a later one of its name starts, and no other', async () => {
  vi.stubGlobal('chrome', { runtime: { id: 'our-id' } });
  const { ContentScriptContext } = await import('./script-life.ts');
  const first = new ContentScriptContext('chat');
  const other = new ContentScriptContext('hook');
  expect(first.signal.aborted).toBe(false);
  const second = new ContentScriptContext('chat');
  expect([first, other, second].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
  vi.unstubAllGlobals();
});
