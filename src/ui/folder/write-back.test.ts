import { expect, test } from 'vitest';
import { WritableFolder } from '../../../tests/support/writable-folder.ts';
import { fail, ok } from '../../base/index.ts';
import type { CopiedFile, CopiedFolder } from '../../contracts/copied-folders.ts';
import { type AppError, appError } from '../../contracts/errors.ts';
import type { FileStat } from '../../contracts/files.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { planBack, writeBack } from './write-back.ts';

const sessionId = 'c' as SessionId;

interface Over {
  readonly now?: readonly FileStat[];
  /** The whole of a file as it is when a piece of it is asked for; undefined as it was. */
  readonly read?: (path: string, position: number) => string | AppError | undefined;
  /** When it was written last, as told with the piece at a position; 1 as listed. */
  readonly modifiedAtMs?: (position: number) => number;
  readonly signal?: AbortSignal;
}

/** A folder that was copied with these files, each of one sign, and then the conversation's files as they are now. */
function world(copied: readonly string[], now: Readonly<Record<string, string>>) {
  const folder: CopiedFolder = {
    sessionId,
    target: 'p',
    handle: null,
    takesAll: false,
    atMs: 1,
    files: copied.map((path) => ({
      path,
      device: { sizeBytes: 1, modifiedAtMs: 1 },
      here: { sizeBytes: 1, modifiedAtMs: 1 },
    })),
  };
  const there: FileStat[] = Object.entries(now).map(([path, text]) => ({
    path,
    kind: 'file',
    sizeBytes: text.length,
    modifiedAtMs: 1,
  }));
  // Two bytes at a time.
  const pieceOf = (path: string, text: string, position: number, modifiedAtMs = 1) =>
    ok({
      bytes: new TextEncoder().encode(text.slice(position, position + 2)),
      stat: { path, kind: 'file' as const, sizeBytes: text.length, modifiedAtMs },
    });
  const write = async (root: WritableFolder, over: Over = {}) => {
    const files: CopiedFile[] = [];
    const onWritten = (file: CopiedFile) => files.push(file);
    const way = {
      engine: {
        async readPiece({ path, position }: { readonly path: string; readonly position: number }) {
          const read = over.read?.(path, position) ?? now[path];
          if (read === undefined) return fail(appError('files/not-found'));
          return typeof read === 'string' ? pieceOf(path, read, position, over.modifiedAtMs?.(position)) : fail(read);
        },
      },
      sessionId,
      root,
      now: over.now ?? there,
      signal: over.signal ?? new AbortController().signal,
    };
    const written = await writeBack(planBack(folder, there), way, { onProgress: () => undefined, onWritten });
    return { ...written, files };
  };
  return { plan: planBack(folder, there), there, write };
}

test('lists what is new or changed in the folder, and nothing else; what tools of the device trust is never written', () => {
  const { plan } = world(['same', 'changed', 'gone'], {
    'p/same': 'x',
    'p/changed': 'xyz',
    'p/in/new': 'n',
    'p/.git/hooks/post-checkout': 'rm',
    'p/.GIT/config': 'x',
    'p/.g\u200cit/config': 'x',
    'p/in/node_modules/x.js': 'x',
    'other/file': 'x',
    pq: 'x',
  });
  expect(plan.changes.map(({ path, device }) => [path, device === null])).toEqual([
    ['changed', false],
    ['in/new', true],
  ]);
  expect(plan.kept).toHaveLength(4);
});

test('writes them whole, makes folders, and says how they are then', async () => {
  const root = new WritableFolder('p', { a: 'x', stays: 's' });
  const { files, notWritten } = await world(['a'], { 'p/a': 'longer', 'p/in/deep/b': 'new' }).write(root);
  expect(root.texts()).toEqual({ a: 'longer', stays: 's', 'in/deep/b': 'new' });
  expect(notWritten).toEqual([]);
  expect(files).toEqual([
    { path: 'a', device: { sizeBytes: 6, modifiedAtMs: 2 }, here: { sizeBytes: 6, modifiedAtMs: 1 } },
    { path: 'in/deep/b', device: { sizeBytes: 3, modifiedAtMs: 2 }, here: { sizeBytes: 3, modifiedAtMs: 1 } },
  ]);
});

test('what was changed, removed or made on the device meanwhile stays as it is', async () => {
  const root = new WritableFolder('p', { edited: 'by hand', made: 'by hand', file: 'by hand' });
  const now = { 'p/edited': 'xx', 'p/removed': 'xx', 'p/made': 'xx', 'p/file/in': 'xx' };
  const { files, notWritten } = await world(['edited', 'removed'], now).write(root);
  expect(files).toEqual([]);
  expect(notWritten.map(({ why }) => why)).toEqual(['device', 'device', 'device', 'device']);
  expect(root.texts()).toEqual({ edited: 'by hand', made: 'by hand', file: 'by hand' });
});

test('nothing is written through a link, nor below a name that the device does not take', async () => {
  const root = new WritableFolder('p');
  root.links.add('out');
  const { notWritten } = await world([], { 'p/out': 'x', 'p/out/.bashrc': 'x', 'p/a:b': 'x' }).write(root);
  expect(notWritten).toEqual([
    { path: 'out', why: 'link' },
    { path: 'out/.bashrc', why: 'link' },
    { path: 'a:b', why: 'refused' },
  ]);
  expect(root.inside.size).toBe(0);
});

test('what a program changed after the list was shown is not written, and leaves no half of a file', async () => {
  const root = new WritableFolder('p', { a: 'x' });
  const { there, write } = world(['a'], { 'p/a': 'xx', 'p/new': 'yyyy' });
  const later = await write(root, { now: there.map((stat) => ({ ...stat, modifiedAtMs: 2 })) });
  expect(later.notWritten.map(({ why }) => why)).toEqual(['here', 'here']);
  // One piece is written before the end comes too early.
  const shorter = await write(root, { read: () => 'z' });
  expect(shorter.notWritten.map(({ why }) => why)).toEqual(['here', 'here']);
  const gone = await write(root, {
    read: (_path, position) => (position === 0 ? undefined : appError('files/not-found')),
  });
  expect(gone.notWritten).toEqual([{ path: 'new', why: 'here' }]);
  expect(root.texts()).toEqual({ a: 'xx' });
});

test('a file that a program writes anew, of the same size, while it is read stays as it was', async () => {
  const root = new WritableFolder('p', { a: 'x' });
  const { write } = world(['a'], { 'p/a': 'good', 'p/new': 'good', 'p/empty': '' });
  const torn = await write(root, {
    read: (_path, position) => (position > 0 ? 'EVIL' : undefined),
    modifiedAtMs: (position) => (position > 0 ? 2 : 1),
  });
  expect(torn.notWritten.map(({ why }) => why)).toEqual(['here', 'here']);
  expect(root.texts()).toEqual({ a: 'x', empty: '' });
});

test('a write that the device refuses leaves no half of a file', async () => {
  const root = new WritableFolder('p', { a: 'x' });
  root.fails = 'write';
  const refused = ['refused', 'refused'];
  const { write } = world(['a'], { 'p/a': 'xx', 'p/new': 'yyyy' });
  expect((await write(root)).notWritten.map(({ why }) => why)).toEqual(refused);
  root.fails = 'close';
  expect((await write(root)).notWritten.map(({ why }) => why)).toEqual(refused);
  expect(root.texts()).toEqual({ a: 'x' });
  root.fails = null;
  expect((await write(root)).count).toBe(2);
});

test('where the files of the conversation cannot be read it ends and says why', async () => {
  const root = new WritableFolder('p', { b: 'x' });
  const now = { 'p/a': 'aaaa', 'p/b': 'bbbb', 'p/c': 'cccc' };
  const lost = appError('door/deadline');
  const read = (path: string, position: number) => (path === 'p/b' && position > 0 ? lost : undefined);
  expect(await world(['b'], now).write(root, { read })).toMatchObject({ count: 1, notWritten: [], stoppedBy: lost });
  expect(root.texts()).toEqual({ a: 'aaaa', b: 'x' });
});

test('Cancel within a file leaves it as it was, and nothing more is read', async () => {
  const root = new WritableFolder('p', { b: 'x' });
  const now = { 'p/a': 'aaaa', 'p/b': 'bbbbbb', 'p/c': 'cccc' };
  const ending = new AbortController();
  const asked: string[] = [];
  const read = (path: string, position: number) => {
    asked.push(`${path} ${String(position)}`);
    if (path === 'p/b' && position === 2) ending.abort();
    return undefined;
  };
  const written = await world(['b'], now).write(root, { read, signal: ending.signal });
  expect(written).toMatchObject({ count: 1, notWritten: [], stoppedBy: null });
  expect(asked.at(-1)).toBe('p/b 2');
  expect(root.texts()).toEqual({ a: 'aaaa', b: 'x' });
});

test('Cancel with the last bytes of a file leaves it as it was', async () => {
  const root = new WritableFolder('p', { b: 'x' });
  const ending = new AbortController();
  root.onWrite = () => ending.abort();
  expect(await world(['b'], { 'p/b': 'bb' }).write(root, { signal: ending.signal })).toMatchObject({ count: 0 });
  expect(root.texts()).toEqual({ b: 'x' });
});

test('an edit by hand while a file is written is not replaced, and a file made by hand is not removed', async () => {
  const root = new WritableFolder('p', { edited: 'x', removed: 'x' });
  const now = { 'p/edited': 'aaaa', 'p/removed': 'bbbb', 'p/new': 'cccc', 'p/newer': 'dddd' };
  const read = (path: string, position: number) => {
    if (position !== 2) return undefined;
    if (path === 'p/edited' || path === 'p/new') root.edit(path.slice(2), 'by hand');
    else if (path === 'p/removed') root.inside.delete('removed');
    else return ''; // ends too early
    return undefined;
  };
  const { notWritten, count } = await world(['edited', 'removed'], now).write(root, { read });
  expect(count).toBe(0);
  expect(notWritten).toEqual([
    { path: 'edited', why: 'device' },
    { path: 'removed', why: 'device' },
    { path: 'new', why: 'device' },
    { path: 'newer', why: 'here' },
  ]);
  expect(root.texts()).toEqual({ edited: 'by hand', new: 'by hand' });
});

test('a name that differs in case alone is told apart from a link', async () => {
  const root = new WritableFolder('p', { 'README.md': 'by hand' });
  root.knowsCase = false;
  root.inside.set('Src', new WritableFolder('Src'));
  const { notWritten } = await world([], { 'p/Readme.md': 'x', 'p/src/a': 'x', 'p/other': 'x' }).write(root);
  expect(notWritten).toEqual([
    { path: 'Readme.md', why: 'case' },
    { path: 'src/a', why: 'case' },
  ]);
  expect(root.texts()).toEqual({ 'README.md': 'by hand', other: 'x' });
});

test('folders that were made for a file that is not written go with it, others stay', async () => {
  const root = new WritableFolder('p');
  const read = (path: string) => (path.endsWith('b') ? appError('files/not-found') : undefined);
  const now = { 'p/in/deep/b': 'x', 'p/kept/a': 'x', 'p/kept/deep/b': 'x', 'p/kept/a:c/d': 'x', 'p/vain/a:c/d': 'x' };
  const { count } = await world([], now).write(root, { read });
  expect(count).toBe(1);
  expect([...root.inside.keys()]).toEqual(['kept']);
  const kept = root.inside.get('kept');
  expect(kept instanceof WritableFolder && [...kept.inside.keys()]).toEqual(['a']);
});

test('new files are written without listing those before them', async () => {
  const root = new WritableFolder('p', { before: 'x' });
  const names = Array.from({ length: 50 }, (_, n) => [`p/f${String(n)}`, 'x'] as const);
  expect(await world([], Object.fromEntries(names)).write(root)).toMatchObject({ count: 50 });
  expect(root.listed).toBe(0);
});
