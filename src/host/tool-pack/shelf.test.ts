import { createHash } from 'node:crypto';
import { Dexie } from 'dexie';
import { describe, expect, test } from 'vitest';
import { addPack, packFolder, toolPackShelf } from '../../../tests/support/linux/tool-pack-in-memory.ts';
import type { ToolPackRow } from '../../contracts/tool-pack.ts';

const PIECE = 1000;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
/** Two pieces and a half, of which no two bytes in a row are alike. */
const PACK = new Uint8Array(2.5 * PIECE).map((_, at) => (at * 31) % 251);
const ROW: ToolPackRow = {
  name: 'tools-1.pack',
  about: 'gcc',
  bytes: PACK.length,
  sha256: hashOf(PACK),
  pieceBytes: PIECE,
  pieces: [0, 1, 2].map((at) => hashOf(PACK.subarray(at * PIECE, (at + 1) * PIECE))),
};
const OFFERED = { name: ROW.name, about: 'gcc', bytes: ROW.bytes, sha256: ROW.sha256, pieceBytes: PIECE };
const changed = (at: number): Uint8Array => PACK.map((byte, place) => (place === at ? byte ^ 1 : byte));
const pieceOf = (bytes: Uint8Array, at: number) => ({
  name: 'mine.pack',
  sizeBytes: bytes.length,
  position: at * PIECE,
  bytes: bytes.slice(at * PIECE, (at + 1) * PIECE),
});
const lentBytes = async (shelf: ReturnType<typeof toolPackShelf>): Promise<Uint8Array | null> => {
  const lent = await shelf.current();
  return lent && new Uint8Array(await (await lent.load()).arrayBuffer());
};

describe('a tool pack', () => {
  test('is lent to machines once its last piece is there, and not before', async () => {
    const folder = packFolder();
    const shelf = toolPackShelf([ROW], { folderIs: folder });
    expect(await shelf.status()).toEqual({ ok: true, value: { offered: OFFERED, isAdded: false, lingers: false } });
    for (const at of [0, 1]) {
      expect(await shelf.add(pieceOf(PACK, at))).toMatchObject({ ok: true, value: { isAdded: false, lingers: false } });
      expect(await shelf.current()).toBeNull();
    }
    expect(await shelf.add(pieceOf(PACK, 2))).toMatchObject({ ok: true, value: { isAdded: true } });
    expect(await lentBytes(shelf)).toEqual(PACK);
    expect(folder.files.size).toBe(1);
  });

  test('one wrong byte is refused where it is, and nothing stays', async () => {
    const folder = packFolder();
    const shelf = toolPackShelf([ROW], { folderIs: folder });
    for (const at of [PIECE, PACK.length - 1]) {
      const refused = await addPack(shelf, { row: ROW, bytes: changed(at) });
      expect(refused).toMatchObject({
        ok: false,
        error: { code: 'pack/damaged', detail: expect.stringContaining(ROW.sha256) as string },
      });
    }
    expect(await shelf.current()).toBeNull();
    expect(folder.files.size).toBe(0);
  });

  test.each([
    ['of another size', PACK.slice(1), /mine\.pack has 2499 bytes.*tools-1\.pack \(2500 bytes, SHA-256 [0-9a-f]{64}\)/],
    ['of that size', changed(0), /another file of that size.*tools-1\.pack \(2500 bytes, SHA-256/],
    ['with nothing in it', new Uint8Array(0), /mine\.pack has 0 bytes/],
  ])(
    'another file is refused before anything is written, and what was expected is named: one %s',
    async (_title, bytes, words) => {
      const folder = packFolder();
      const refused = await addPack(toolPackShelf([ROW], { folderIs: folder }), { row: ROW, bytes });
      expect(refused).toMatchObject({
        ok: false,
        error: { code: 'pack/wrong-file', detail: expect.stringMatching(words) as string },
      });
      expect(folder.files.size).toBe(0);
    },
  );

  test('one that was begun anew, or is not the next piece, is not gone on with', async () => {
    const shelf = toolPackShelf([ROW]);
    const interrupted = { ok: false, error: { code: 'pack/interrupted' } };
    expect(await shelf.add(pieceOf(PACK, 1))).toMatchObject(interrupted);
    await shelf.add(pieceOf(PACK, 0));
    expect(await shelf.add(pieceOf(PACK, 2))).toMatchObject(interrupted);
    await shelf.add(pieceOf(PACK, 0));
    await shelf.add(pieceOf(PACK, 1));
    await shelf.add(pieceOf(PACK, 0));
    expect(await shelf.add(pieceOf(PACK, 2))).toMatchObject(interrupted);
    // A piece of another length than is hashed.
    expect(await shelf.add({ ...pieceOf(PACK, 0), bytes: PACK.slice(0, 999) })).toMatchObject(interrupted);
    expect(await shelf.current()).toBeNull();
    expect(await addPack(shelf, { row: ROW, bytes: PACK })).toMatchObject({ ok: true });
  });

  test('that the device has no room for is refused before or while it is written, and nothing stays', async () => {
    const full = { ok: false, error: { code: 'host/no-room' } };
    expect(
      await addPack(toolPackShelf([ROW], { freeBytes: async () => 2499 }), { row: ROW, bytes: PACK }),
    ).toMatchObject(full);
    const folder = packFolder(1500);
    const shelf = toolPackShelf([ROW], { folderIs: folder });
    expect(await addPack(shelf, { row: ROW, bytes: PACK })).toMatchObject(full);
    expect(folder.files.size).toBe(0);
  });

  test('that came whole and cannot be noted, for the database has no room, is said to be for room, and can go', async () => {
    const folder = packFolder();
    const inner = new DOMException('full', 'QuotaExceededError');
    const records = {
      read: async () => null,
      write: () => Promise.reject(new Dexie.QuotaExceededError('full', inner)),
    };
    const shelf = toolPackShelf([ROW], { folderIs: folder, records });
    expect(await addPack(shelf, { row: ROW, bytes: PACK })).toMatchObject({
      ok: false,
      error: { code: 'host/no-room' },
    });
    expect(await shelf.status()).toEqual({ ok: true, value: { offered: OFFERED, isAdded: false, lingers: false } });
    expect(folder.files.size).toBe(0);
  });

  test('that is on its way can be dropped: nothing of it stays, what was added before does, and it begins anew', async () => {
    const folder = packFolder();
    const shelf = toolPackShelf([ROW], { folderIs: folder });
    await addPack(shelf, { row: ROW, bytes: PACK });
    const before = [...folder.files.keys()];
    await shelf.add(pieceOf(PACK, 0));
    await shelf.add(pieceOf(PACK, 1));
    expect(folder.files.size).toBeGreaterThan(1);
    expect(await shelf.drop()).toMatchObject({ ok: true, value: { isAdded: true, lingers: false } });
    expect([...folder.files.keys()]).toEqual(before);
    expect(await shelf.add(pieceOf(PACK, 2))).toMatchObject({ ok: false, error: { code: 'pack/interrupted' } });
    expect(await addPack(shelf, { row: ROW, bytes: PACK })).toMatchObject({ ok: true, value: { isAdded: true } });
  });

  test('that is removed goes at once, or with the last machine that may read it; a machine that goes on reads what it had', async () => {
    const folder = packFolder();
    let isInUse = true;
    let changes = 0;
    const shelf = toolPackShelf([ROW], { folderIs: folder, isInUse: () => isInUse, onChange: () => (changes += 1) });
    await addPack(shelf, { row: ROW, bytes: PACK });
    const first = await shelf.current();
    expect(await shelf.remove()).toEqual({ ok: true, value: { offered: OFFERED, isAdded: false, lingers: true } });
    expect(await shelf.current()).toBeNull();
    expect(changes).toBe(2);
    // Added again beside it: never over what is read.
    await addPack(shelf, { row: ROW, bytes: PACK });
    expect((await shelf.current())?.key).not.toBe(first?.key);
    expect((await first?.load())?.size).toBe(PACK.length);
    expect(folder.files.size).toBe(2);
    isInUse = false;
    expect(await shelf.status()).toMatchObject({ value: { isAdded: true, lingers: false } });
    await shelf.remove();
    expect(folder.files.size).toBe(0);
  });

  test('whose file is gone, was cut off, or is of an earlier package is none', async () => {
    for (const spoil of ['gone', 'cut', 'old'] as const) {
      const folder = packFolder();
      const texts = new Map<string, string>();
      const records = {
        read: async (name: string) => texts.get(name) ?? null,
        write: async (name: string, text: string) => void texts.set(name, text),
      };
      await addPack(toolPackShelf([ROW], { folderIs: folder, records }), { row: ROW, bytes: PACK });
      const [name = ''] = [...folder.files.keys()];
      if (spoil === 'gone') folder.files.delete(name);
      if (spoil === 'cut') folder.files.set(name, new Blob([PACK.slice(0, 2000)]));
      const other = { ...ROW, sha256: 'f'.repeat(64) };
      const later = toolPackShelf(spoil === 'old' ? [other] : [ROW], { folderIs: folder, records });
      expect(await later.current()).toBeNull();
      expect(await later.status()).toMatchObject({ ok: true, value: { isAdded: false, lingers: false } });
      expect(folder.files.size).toBe(0);
    }
  });

  test('is none where its record cannot be read, and machines start; where it cannot be kept that is said', async () => {
    const broken = (): Promise<never> => Promise.reject(new DOMException('no database', 'UnknownError'));
    const shelf = toolPackShelf([ROW], { records: { read: broken, write: broken } });
    expect(await shelf.current()).toBeNull();
    expect(await shelf.status()).toMatchObject({ ok: false, error: { code: 'host/unavailable' } });
  });

  test('a package without a list offers none', async () => {
    const shelf = toolPackShelf([], { list: () => Promise.reject(new Error('not in the package')) });
    expect(await shelf.status()).toEqual({ ok: true, value: { offered: null, isAdded: false, lingers: false } });
  });
});
