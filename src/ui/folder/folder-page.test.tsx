// @vitest-environment happy-dom
import { effect } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { foldersInMemory } from '../../../tests/support/copied-folders.ts';
import { localFolder, type LocalTree } from '../../../tests/support/local-folder.ts';
import { folderWorld } from '../../../tests/support/folder-world.ts';
import { KeptFolder } from '../../../tests/support/writable-folder.ts';
import { fail } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { learnFailures } from '../kit/index.ts';
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

function open(...given: Parameters<typeof folderWorld>) {
  const world = folderWorld(...given);
  void world.copy.recall();
  render(<FolderPage copy={world.copy} ways={{ hasPicker: true, hasField: false }} />, place);
  return world;
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
  expect(part('status')?.textContent).toBe('1 file, 3 B, copied to /mnt/data/p. Not copied: 1 file.');
  expect(part('ended-words')?.className).toBe('alert');
  expect(part('left-out')?.textContent).toContain('no: it cannot be read');
  // The button that was pressed has gone: the keys go on from what came in its place.
  expect(document.activeElement).toBe(part('step'));
});

test('a closed picker changes nothing; one that refuses says so', async () => {
  const { copy } = open();
  await planned({ a: 'x' });
  const steps: string[] = [];
  effect(() => void steps.push(copy.step.value.kind));
  const closed = vi.spyOn(copy, 'take');
  picking(() => {
    throw new DOMException('closed', 'AbortError');
  });
  button('choose-folder')?.click();
  await vi.waitUntil(() => closed.mock.results.length === 1);
  await closed.mock.results[0]?.value;
  picking(() => {
    throw new DOMException('blocked', 'SecurityError');
  });
  button('choose-folder')?.click();
  await vi.waitUntil(() => part('status')?.textContent?.includes('The browser did not give this folder'));
  expect(steps).toEqual(['planned', 'waiting']);
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

test('what failed of a Write back is what Try again tries', async () => {
  let isAway = false;
  const world = open({ listFiles: async () => (isAway ? fail(appError('door/deadline')) : listed()) });
  const listed = () => folderWorld().doors.runs.listFiles({ sessionId: 'c' as SessionId });
  picking(() => new KeptFolder('p', { a: 'one' }));
  button('choose-folder')?.click();
  await shown('plan');
  button('copy-folder')?.click();
  await shown('ended');
  isAway = true;
  button('write-back')?.click();
  await shown('failure');
  isAway = false;
  button('look-again')?.click();
  await shown('back');
  expect(world.copy.step.value.kind).toBe('back');
});

test('a folder without files offers nothing to copy', async () => {
  open();
  await planned({ empty: {} });
  expect(part('found')?.textContent).toContain('There is no file to copy');
  expect(button('copy-folder')).toBeNull();
});

/** A folder whose handle can be kept, and asks for rights. */
const keptFolder = (tree: LocalTree, rights: { now: PermissionState; asked: PermissionState }) =>
  Object.assign(localFolder('p', tree), {
    isSameEntry: async () => true,
    queryPermission: async () => rights.now,
    requestPermission: async () => (rights.now = rights.asked),
  });

test('a folder that was copied is updated on a press, which asks for the right to read it where that has gone', async () => {
  const { runs, copy } = open();
  const tree: Record<string, string | File> = { a: 'one', b: 'two' };
  const rights: { now: PermissionState; asked: PermissionState } = { now: 'granted', asked: 'denied' };
  picking(() => keptFolder(tree, rights));
  button('choose-folder')?.click();
  await shown('plan');
  button('copy-folder')?.click();
  await shown('ended');
  expect(part('known')?.textContent).toContain('/mnt/data/p: 2 files');

  button('update-folder')?.click();
  await shown('plan');
  expect(part('found')?.textContent).toContain('Nothing in this folder is new or changed.');
  expect(part('same')?.textContent).toContain('2 files are as copied before');
  expect(button('copy-folder')).toBeNull();

  rights.now = 'prompt';
  const said: string[] = [];
  effect(() => void (copy.step.value.kind === 'waiting' && said.push(copy.step.value.said)));
  button('update-folder')?.click();
  await vi.waitUntil(() => part('status')?.textContent?.includes('did not give this folder'));
  expect(said[0]).toContain('Answer it to go on');
  rights.asked = 'granted';
  tree['a'] = new File(['anew'], 'a', { lastModified: 2 });
  button('update-folder')?.click();
  await shown('plan');
  expect(part('found')?.textContent).toContain('1 file, 4 B');
  button('copy-folder')?.click();
  await shown('ended');
  expect(new TextDecoder().decode(runs.files.get('/mnt/data/p/a'))).toBe('anew');
});

test('what the conversation changed is named, and replaced only where that is ticked', async () => {
  const { runs } = open();
  await planned({ a: 'one' });
  button('copy-folder')?.click();
  await shown('ended');
  runs.files.set('/mnt/data/p/a', new TextEncoder().encode('changed by a program'));
  button('choose-folder')?.click();
  await shown('changed-here');
  expect(part('changed-here')?.textContent).toContain('a');
  expect(part('found')?.textContent).toContain(
    'Nothing is copied: the conversation has changed or removed the files below since.',
  );
  expect(button('copy-folder')).toBeNull();
  part('replace-changed')?.click();
  await vi.waitUntil(() => button('copy-folder'));
  expect(part('replaced')?.textContent).toContain('1 file');
});

test('a folder without a handle is chosen again, and can be forgotten', async () => {
  const { folders } = open();
  await planned({ a: 'one' });
  button('copy-folder')?.click();
  await shown('ended');
  expect(button('update-folder')).toBeNull();
  expect(part('known')?.textContent).toContain('choose the folder again');
  button('forget-folder')?.click();
  await vi.waitUntil(() => part('known') === null);
  expect(part('status')?.textContent).toContain('Its copy stays in the conversation.');
  expect(folders.rows).toEqual([]);
});

test('while something works the buttons of known folders look as they act', async () => {
  const { copy } = open();
  await planned({ a: 'one' });
  button('copy-folder')?.click();
  await shown('ended');
  const isDisabled = () => button('forget-folder')?.closest('[aria-disabled]')?.getAttribute('aria-disabled');
  expect(isDisabled()).toBe('false');
  let answer: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  const folder = localFolder('other', { a: 'x' });
  const values = async function* () {
    await slow;
    yield* folder.values();
  };
  picking(() => ({ ...folder, values }));
  button('choose-folder')?.click();
  await shown('listing');
  expect(isDisabled()).toBe('true');
  button('forget-folder')?.click();
  answer();
  await shown('plan');
  expect(isDisabled()).toBe('false');
  expect(copy.known.value).toHaveLength(1);
});

test('where the browser keeps nothing the copy is there all the same, and that is said', async () => {
  const { runs } = open({}, foldersInMemory({ fails: true }));
  await planned({ a: 'one' });
  button('copy-folder')?.click();
  await shown('not-remembered');
  expect(runs.files.size).toBe(1);
});

test('changed files are written back only on a press on their list, which asks for the right to write', async () => {
  const { runs } = open();
  const device = new KeptFolder('p', { a: 'one' });
  device.answers = () => 'denied';
  const { asked } = device;
  picking(() => device);
  button('choose-folder')?.click();
  await shown('plan');
  button('copy-folder')?.click();
  await shown('ended');
  runs.files.set('/mnt/data/p/a', new TextEncoder().encode('by a program'));

  button('write-back')?.click();
  await shown('back');
  expect(part('back-files')?.textContent).toContain('a (changed, 12 B)');
  expect(asked).toEqual([]);
  button('write-files')?.click();
  await vi.waitUntil(() => part('status')?.textContent?.includes('Nothing was written'));
  expect(asked).toEqual(['readwrite']);
  expect(device.texts()).toEqual({ a: 'one' });

  device.answers = () => 'granted';
  button('write-back')?.click();
  await shown('back');
  button('write-files')?.click();
  await shown('written');
  expect(part('written-words')?.textContent).toBe('1 of 1 file written to this device.');
  expect(device.texts()).toEqual({ a: 'by a program' });
  // Both sides are the same now.
  button('write-back')?.click();
  await shown('back');
  expect(part('back')?.textContent).toContain('Nothing of this folder is new or changed');
});
