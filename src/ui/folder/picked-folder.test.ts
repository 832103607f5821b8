// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { localFolder } from '../../../tests/support/local-folder.ts';
import { listFolder } from './local-folder.ts';
import { droppedFolder, folderOfField, type Picked } from './picked-folder.ts';

const { signal } = new AbortController();

async function pathsIn(picked: Picked): Promise<readonly string[]> {
  if (typeof picked === 'string') throw new Error(picked);
  const listed = await listFolder(picked, { takesAll: true, onFound: () => undefined, signal });
  return listed.ok && listed.value !== null ? listed.value.files.map(({ path }) => path).sort() : [];
}

const drop = (...items: readonly object[]) =>
  droppedFolder({ items: items.map((item) => ({ kind: 'file', webkitGetAsEntry: () => null, ...item })) } as never);

const fileEntry = (name: string) => ({
  isDirectory: false,
  name,
  file: (done: (file: File) => void) => done(new File(['x'], name)),
});

/** As Firefox shows a folder: some entries at a time, none at the end. */
const folderEntry = (name: string, entries: readonly object[]) => ({
  isDirectory: true,
  name,
  createReader() {
    const left = [...entries];
    return { readEntries: (done: (some: readonly object[]) => void) => done(left.splice(0, 2)) };
  },
});

test('a dropped folder comes as a handle where the browser has them', async () => {
  const folder = localFolder('p', { a: 'x' });
  expect(await drop({ getAsFileSystemHandle: async () => folder })).toBe(folder);
  expect(await drop({ getAsFileSystemHandle: async () => ({ kind: 'file', name: 'a' }) })).toBe('no-folder');
});

test('else as an entry, read to its end', async () => {
  const inner = folderEntry('in', [fileEntry('d')]);
  const picked = await drop({
    webkitGetAsEntry: () => folderEntry('p', [fileEntry('a'), inner, fileEntry('b'), fileEntry('c')]),
  });
  expect(picked).toMatchObject({ kind: 'directory', name: 'p' });
  expect(await pathsIn(picked)).toEqual(['a', 'b', 'c', 'in/d']);
  expect(await drop({ webkitGetAsEntry: () => fileEntry('a') })).toBe('no-folder');
});

test('text, several things and what the browser refuses are told apart', async () => {
  expect(await droppedFolder(null)).toBe('nothing');
  expect(await drop({ kind: 'string' })).toBe('nothing');
  expect(await drop({}, {})).toBe('several');
  const refused = async () => {
    throw new DOMException('blocked', 'SecurityError');
  };
  expect(await drop({ getAsFileSystemHandle: refused })).toBe('refused');
});

test('the files of a field are put back into their folders', async () => {
  const file = (path: string) => Object.defineProperty(new File(['x'], 'x'), 'webkitRelativePath', { value: path });
  const picked = folderOfField(['p/a', 'p/in/b', 'p/in/c', 'p/__proto__/d'].map(file));
  expect(picked).toMatchObject({ name: 'p' });
  expect(await pathsIn(picked)).toEqual(['__proto__/d', 'a', 'in/b', 'in/c']);
  expect(folderOfField([])).toBe('nothing');
  expect(folderOfField([file('a')])).toBe('no-folder');
});
