// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { learnFailures } from '../kit/index.ts';
import { ToolPackPart } from './tool-pack-part.tsx';
import { type ToolPackEngine, ToolPackState } from './tool-pack-state.ts';

const place = document.createElement('div');
const OFFERED = { name: 'tools-1.pack', about: 'gcc and gdb', bytes: 2500, sha256: 'a'.repeat(64), pieceBytes: 1000 };
let status: { offered: typeof OFFERED | null; isAdded: boolean; lingers: boolean };
let pieces: { position: number; length: number }[];
let shares: (number | null)[];
let refusesAt: number;
let dropped: number;
let onPiece: () => Promise<void>;
let state: ToolPackState;

const part = () => place.querySelector('[data-part="tool-pack"]');
const words = () => part()?.textContent ?? '';

/** A host that takes every piece but one. */
const engine: ToolPackEngine = {
  toolPack: async () => ok(status),
  addToolPack: async ({ position, bytes, sizeBytes }) => {
    pieces.push({ position, length: bytes.length });
    shares.push(state.share.value);
    await onPiece();
    if (position === refusesAt) return fail(appError('pack/damaged', 'mine.pack differs'));
    status = { ...status, isAdded: position + bytes.length === sizeBytes };
    return ok(status);
  },
  dropToolPack: async () => {
    dropped += 1;
    return ok(status);
  },
  removeToolPack: async () => {
    status = { ...status, isAdded: false, lingers: true };
    return ok(status);
  },
};

beforeAll(() => {
  learnFailures(FAILURES);
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
});
beforeEach(() => {
  status = { offered: OFFERED, isAdded: false, lingers: false };
  [pieces, shares, refusesAt, dropped] = [[], [], -1, 0];
  onPiece = async () => undefined;
  document.body.append(place);
  state = new ToolPackState(engine);
});
afterEach(() => render(null, place));

async function shown(): Promise<void> {
  render(<ToolPackPart tools={state} />, place);
  await state.read();
}

const file = (bytes: number) => new File([new Uint8Array(bytes)], 'mine.pack');

test('says what it brings, which file it is, and adds it piece by piece with its progress', async () => {
  await shown();
  await vi.waitFor(() => expect(part()?.getAttribute('data-state')).toBe('absent'));
  expect(words()).toContain('gcc and gdb for every machine of the full Linux');
  expect(words()).toContain('Not added. Its file is tools-1.pack (2.4 kB).');
  await state.add(file(2500));
  expect(pieces.map(({ position, length }) => [position, length])).toEqual([
    [0, 1000],
    [1000, 1000],
    [2000, 500],
  ]);
  expect(shares).toEqual([0, 0.4, 0.8]);
  await vi.waitFor(() => expect(words()).toContain('Added, 2.4 kB on this device'));
  place.querySelector<HTMLElement>('[data-action="remove-tools"]')?.click();
  await vi.waitFor(() => expect(words()).toContain('until the machines that use it are stopped'));
  expect(words()).toContain('Not added');
});

test('is cancelled by keys alone: after the piece under way nothing more is sent, what was sent is let go, and it can be added anew', async () => {
  await shown();
  const find = (action: string) => place.querySelector<HTMLElement>(`[data-action="${action}"]`);
  await vi.waitFor(() => expect(find('add-tools')).not.toBeNull());
  find('add-tools')?.focus();
  onPiece = async () => {
    await vi.waitFor(() => expect(document.activeElement).toBe(find('cancel-tools')));
    if (pieces.length === 2) find('cancel-tools')?.click();
  };
  await state.add(file(2500));
  expect([pieces.length, dropped]).toEqual([2, 1]);
  await vi.waitFor(() => expect(document.activeElement).toBe(find('add-tools')));
  expect(part()?.getAttribute('data-state')).toBe('absent');
  onPiece = async () => undefined;
  await state.add(file(2500));
  await vi.waitFor(() => expect(part()?.getAttribute('data-state')).toBe('added'));
  expect(dropped).toBe(1);
});

test('a refused piece ends it with its words, and another file may be chosen', async () => {
  await shown();
  refusesAt = 1000;
  await state.add(file(2500));
  expect(pieces).toHaveLength(2);
  await vi.waitFor(() => expect(words()).toContain(FAILURES['pack/damaged'].title));
  expect(words()).toContain('mine.pack differs');
  refusesAt = -1;
  await state.add(file(2500));
  await vi.waitFor(() => expect(part()?.getAttribute('data-state')).toBe('added'));
  expect(words()).not.toContain(FAILURES['pack/damaged'].title);
});

test('a file that went away is said to have; an empty one is still asked about', async () => {
  await shown();
  const gone = file(2500);
  gone.slice = () => {
    throw new DOMException('gone', 'NotFoundError');
  };
  await state.add(gone);
  await vi.waitFor(() => expect(words()).toContain(FAILURES['files/not-found'].title));
  refusesAt = 0;
  await state.add(file(0));
  expect(pieces).toMatchObject([{ position: 0, length: 0 }]);
});

test('a build that knows no pack shows nothing', async () => {
  status = { ...status, offered: null };
  await shown();
  expect(part()).toBeNull();
});
