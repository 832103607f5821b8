// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { localFolder, type LocalTree } from '../../../tests/support/local-folder.ts';
import { fail } from '../../base/index.ts';
import type { RunsDoor } from '../../contracts/doors/runs.ts';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { learnFailures } from '../kit/index.ts';
import { FolderCopy } from './folder-copy.ts';
import { FolderPage } from './folder-page.tsx';

const place = document.createElement('div');

beforeAll(() => {
  learnFailures(FAILURES);
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
});
beforeEach(() => document.body.append(place));
afterEach(() => {
  render(null, place);
  place.remove();
  vi.unstubAllGlobals();
});

const part = (name: string) => place.querySelector<HTMLElement>(`[data-part="${name}"]`);
const button = (action: string) => place.querySelector<HTMLButtonElement>(`[data-action="${action}"]`);
const shown = (name: string) => vi.waitUntil(() => part(name));

function open(patch: Partial<RunsDoor> = {}) {
  const runs = createFakeRunsDoor();
  const copy = new FolderCopy({ ...runs, ...patch }, 'c' as SessionId);
  render(<FolderPage copy={copy} ways={{ hasPicker: true, hasField: false }} />, place);
  return { runs, copy };
}

/** Answers the next press of the button as the system's picker would. */
const picking = (answer: () => unknown) => vi.stubGlobal('showDirectoryPicker', async () => answer());

async function planned(tree: LocalTree): Promise<void> {
  picking(() => localFolder('p', tree));
  button('choose-folder')?.focus();
  button('choose-folder')?.click();
  await shown('plan');
}

test('a picked folder is looked through, and nothing is copied before the second press', async () => {
  const { runs } = open();
  await planned({ a: 'one', '.git': { HEAD: 'x' }, no: null });
  expect(part('found')?.textContent).toContain('1 file, 3 B. Nothing is copied yet.');
  expect(part('skipped')?.textContent).toContain('.git');
  expect(part('left-out')?.textContent).toContain('no: it cannot be read');
  expect(part('status')?.textContent).toContain('Nothing is copied yet');
  expect(runs.files.size).toBe(0);
  expect(document.activeElement).toBe(button('choose-folder'));
  button('copy-folder')?.focus();
  button('copy-folder')?.click();
  await shown('ended');
  expect([...runs.files.keys()]).toEqual(['/mnt/data/p/a']);
  expect(part('status')?.textContent).toBe('1 file, 3 B, copied to /mnt/data/p.');
  expect(part('left-out')?.textContent).toContain('no: it cannot be read');
  // The button that was pressed has gone: the keys go on from what came in its place.
  expect(document.activeElement).toBe(part('step'));
});

test('a closed picker changes nothing; one that refuses says so', async () => {
  open();
  picking(() => {
    throw new DOMException('closed', 'AbortError');
  });
  button('choose-folder')?.click();
  await Promise.resolve();
  expect(part('status')?.textContent).toBe('');
  picking(() => {
    throw new DOMException('blocked', 'SecurityError');
  });
  button('choose-folder')?.click();
  await vi.waitUntil(() => part('status')?.textContent);
  expect(part('status')?.textContent).toContain('The browser did not give this folder');
});

test('while it copies it says how far it is, and Cancel leaves what is there', async () => {
  let copied: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (copied = resolve));
  const door = createFakeRunsDoor();
  const { copy } = open({
    async addFile(request) {
      if (request.name !== 'p/a') await slow;
      return door.addFile(request);
    },
  });
  const names = Array.from({ length: 20 }, (_, at) => `f${String(at)}`);
  await planned(Object.fromEntries(['a', ...names].map((name) => [name, 'x'])));
  button('copy-folder')?.click();
  await vi.waitUntil(() => part('copying')?.textContent?.includes('1 of 21 files'));
  expect(part('copying')?.textContent).toContain('Keep this tab open');
  expect(copy.isWorking).toBe(true);
  // Another folder meanwhile is not taken.
  await copy.take(localFolder('other', { z: 'z' }));
  button('cancel-folder')?.click();
  copied();
  await shown('ended');
  expect(part('ended-words')?.textContent).toMatch(/^Cancelled after \d of 21 files/u);
  expect(door.files.size).toBeLessThan(10);
});

test('what ends a copying is said with what to do, beside what was copied', async () => {
  open({ addFile: async () => fail(appError('files/no-space')) });
  await planned({ a: 'x' });
  button('copy-folder')?.click();
  await shown('failure');
  expect(part('ended-words')?.textContent).toBe('Not all was copied: 0 of 1 file. What was copied stays.');
  expect(part('failure')?.textContent).toContain('Remove files that you no longer need.');
});

test('a conversation that does not answer is said, and asked again on a press', async () => {
  const door = createFakeRunsDoor();
  let isAway = true;
  open({ listFiles: async (request) => (isAway ? fail(appError('door/deadline')) : door.listFiles(request)) });
  picking(() => localFolder('p', { a: 'x' }));
  button('choose-folder')?.click();
  await shown('failure');
  isAway = false;
  button('look-again')?.click();
  await shown('plan');
});

test('a folder without files offers nothing to copy', async () => {
  open();
  await planned({ empty: {} });
  expect(part('found')?.textContent).toContain('There is no file to copy');
  expect(button('copy-folder')).toBeNull();
});
