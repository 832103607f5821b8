import { expect, it } from 'vitest';
import { ContentScriptContext } from './script-life.ts';

it('a content script ends when a later one of its name starts, and no other', () => {
  const first = new ContentScriptContext('chat');
  const other = new ContentScriptContext('hook');
  expect(first.signal.aborted).toBe(false);
  const second = new ContentScriptContext('chat');
  expect([first, other, second].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
});
