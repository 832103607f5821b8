// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { folderWorld } from '../../../tests/support/folder-world.ts';
import { localFolder } from '../../../tests/support/local-folder.ts';
import { fail } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { mountFolder } from './mount.tsx';

test('the page asks for the words of a failure that it shows', async () => {
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
  vi.stubGlobal('showDirectoryPicker', async () => localFolder('p', { a: 'x' }));
  const place = document.body.appendChild(document.createElement('div'));
  const page = new AbortController();
  const { doors } = folderWorld({ addFile: async () => fail(appError('files/no-space')) });
  mountFolder(place, { doors, sessionId: 'c' as SessionId, signal: page.signal });
  const press = async (action: string) =>
    (await vi.waitUntil(() => place.querySelector<HTMLElement>(`[data-action="${action}"]`))).click();
  await press('choose-folder');
  await press('copy-folder');
  const failure = await vi.waitUntil(() => place.querySelector('[data-part="failure"]'));
  await vi.waitUntil(() => failure.textContent.includes(FAILURES['files/no-space'].title));
  page.abort();
  expect(place.textContent).toBe('');
});
