// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { fail, ok } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { learnFailures } from '../kit/index.ts';
import type { KnownFiles } from './popup-state.ts';
import { ZipPart } from './zip-part.tsx';
import type { ZipDoors } from './zip-transfer.ts';

const sessionId = 'c' as SessionId;
const place = document.createElement('div');
const saved: string[] = [];

beforeAll(() => {
  learnFailures(FAILURES);
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
  HTMLAnchorElement.prototype.click = function () {
    saved.push(this.download);
  };
});
beforeEach(() => {
  vi.useFakeTimers();
  saved.length = 0;
  document.body.append(place);
});
afterEach(() => {
  render(null, place);
  vi.useRealTimers();
});

const part = (name: string) => place.querySelector<HTMLElement>(`[data-part="${name}"]`);
const button = (action: string) => place.querySelector<HTMLButtonElement>(`[data-action="${action}"]`);
const settled = () => vi.advanceTimersByTimeAsync(0);

function open(
  patch: Partial<ZipDoors['engine']> = {},
  count: KnownFiles | null = { sessionId, count: 2, bytes: 2_048, damaged: [] },
) {
  const runs = createFakeRunsDoor();
  runs.files.set('a', new Uint8Array(3));
  const zip = { path: '.output/export.zip', kind: 'file', sizeBytes: 3, modifiedAtMs: 1 } as const;
  const engine: ZipDoors['engine'] = {
    countFiles: async () => ok({ count: runs.files.size, bytes: 3 * runs.files.size, damaged: [] }),
    exportZip: async () => ok(zip),
    readPiece: async () => ok({ bytes: new Uint8Array(3), stat: zip }),
    importZip: async () => ok({ files: 2, folders: 1, bytes: 6 }),
    ...patch,
  };
  const known = signal<KnownFiles | null>(count);
  render(<ZipPart doors={{ runs, engine }} sessionId={sessionId} known={known} />, place);
  return { runs, known };
}

async function chosen(name = 'in.zip'): Promise<void> {
  const field = part('zip-field') as HTMLInputElement;
  Object.defineProperty(field, 'files', { configurable: true, value: [new File(['zip'], name)] });
  field.dispatchEvent(new Event('change', { bubbles: true }));
  await settled();
}

test('a conversation without files says so, and has nothing to download', async () => {
  const { runs, known } = open({}, { sessionId, count: 0, bytes: 0, damaged: [] });
  expect(part('file-count')?.textContent).toContain('no files yet');
  expect(button('take-zip')?.disabled).toBe(true);
  expect(button('add-zip')?.disabled).toBe(false);
  known.value = { sessionId, count: 1, bytes: 10, damaged: [] };
  await settled();
  expect(part('file-count')?.textContent).toBe('1 file, 10 B');
  // Removed since it was last looked.
  runs.files.clear();
  button('take-zip')?.click();
  await settled();
  expect(part('file-count')?.textContent).toContain('no files yet');
  expect(saved).toEqual([]);
});

test('a quick download shows no bar; a slow one does after 300 ms, once, and the keyboard stays where it is', async () => {
  let packed: () => void = () => undefined;
  const packing = new Promise<void>((resolve) => (packed = resolve));
  let begun = 0;
  open({
    exportZip: async () => {
      begun += 1;
      await packing;
      return ok({ path: '.output/export.zip', kind: 'file', sizeBytes: 3, modifiedAtMs: 1 });
    },
  });
  const take = button('take-zip');
  take?.focus();
  take?.click();
  await vi.advanceTimersByTimeAsync(299);
  expect(part('zip-progress')).toBeNull();
  await vi.advanceTimersByTimeAsync(1);
  expect(part('zip-progress')?.textContent).toContain('Packing');
  expect(part('zip-progress')?.querySelector('progress')?.hasAttribute('value')).toBe(false);
  take?.click();
  expect(document.activeElement).toBe(take);
  packed();
  await settled();
  expect(begun).toBe(1);
  expect(part('zip-progress')).toBeNull();
  expect(saved).toEqual(['conversation-files.zip']);
  expect(part('zip-note')?.textContent).toBe('The zip (3 B) is in your downloads.');
});

test('a slow download can be cancelled, once; it says so, and the keyboard is where it began', async () => {
  const { promise: packing, resolve: packed } = Promise.withResolvers<undefined>();
  open({
    exportZip: async () => {
      await packing;
      return ok({ path: '.output/export.zip', kind: 'file', sizeBytes: 3, modifiedAtMs: 1 });
    },
  });
  button('take-zip')?.click();
  await vi.advanceTimersByTimeAsync(300);
  button('cancel-zip')?.focus();
  button('cancel-zip')?.click();
  await settled();
  expect(part('zip-progress')?.textContent).toBe('Cancelling');
  expect(button('cancel-zip')).toBeNull();
  expect(document.activeElement).toBe(button('take-zip'));
  packed(undefined);
  await settled();
  expect(part('zip-progress')).toBeNull();
  expect(part('zip-note')?.textContent).toBe('Cancelled. Nothing was changed.');
  expect(saved).toEqual([]);
  expect(part('failure')).toBeNull();
});

test('Cancel that goes by itself leaves the keyboard where it began, and takes it from nobody', async () => {
  const { promise: packing, resolve: packed } = Promise.withResolvers<undefined>();
  const { promise: unpacking, resolve: unpacked } = Promise.withResolvers<undefined>();
  open({
    exportZip: async () => {
      await packing;
      return ok({ path: '.output/export.zip', kind: 'file', sizeBytes: 3, modifiedAtMs: 1 });
    },
    importZip: async () => {
      await unpacking;
      return ok({ files: 2, folders: 1, bytes: 6 });
    },
  });
  button('take-zip')?.click();
  await vi.advanceTimersByTimeAsync(300);
  button('cancel-zip')?.focus();
  expect(document.activeElement).toBe(button('cancel-zip'));
  packed(undefined);
  await settled();
  expect(button('cancel-zip')).toBeNull();
  expect(document.activeElement).toBe(button('take-zip'));

  await chosen();
  await vi.advanceTimersByTimeAsync(300);
  button('add-zip')?.focus();
  unpacked(undefined);
  await settled();
  expect(document.activeElement).toBe(button('add-zip'));
});

test('a zip goes in and says how many files came of it', async () => {
  open();
  await chosen();
  expect(part('zip-note')?.textContent).toBe('2 files unpacked, 6 B.');
  expect(part('failure')).toBeNull();
});

test('a failure is told in the words of the table, with what to do next', async () => {
  let isRefused = true;
  open({
    importZip: async () => fail(appError('files/unsafe-archive', '"../up" leads outside')),
    exportZip: async () =>
      isRefused
        ? fail(appError('files/no-space'))
        : ok({ path: '.output/export.zip', kind: 'file', sizeBytes: 3, modifiedAtMs: 1 }),
  });
  await chosen();
  expect(part('failure')?.textContent).toContain('The zip is not safe to unpack');
  expect(part('failure')?.textContent).toContain('"../up" leads outside');
  expect(button('add-other')?.textContent).toBe('Choose another zip');
  button('take-zip')?.click();
  await settled();
  expect(part('failure')?.dataset['code']).toBe('files/no-space');
  isRefused = false;
  button('take-again')?.click();
  await settled();
  expect(part('failure')).toBeNull();
  expect(saved).toEqual(['conversation-files.zip']);
});
