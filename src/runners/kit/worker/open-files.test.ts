import { expect, test } from 'vitest';
import { FileError } from './file-error.ts';
import { OpenFiles } from './open-files.ts';
import { UnsavedFiles } from './unsaved-files.ts';

const MEGABYTE = 1024 * 1024;
const bytesOf = (value: string): Uint8Array => new TextEncoder().encode(value);

function scene() {
  const [tree, files] = [new UnsavedFiles(256 * MEGABYTE), new OpenFiles()];
  const open = (path: string) => {
    const file = { tree, path };
    files.add(file);
    return file as Parameters<OpenFiles['add']>[0];
  };
  const text = ({ tree: at, path }: ReturnType<typeof open>) => new TextDecoder().decode(at.read(path, 0, 100));
  return { tree, files, open, text };
}

test('a file that is removed lives on for all who have it open, and not by its name', () => {
  const { tree, files, open, text } = scene();
  tree.write('x', 0, bytesOf('old'));
  const [one, other] = [open('x'), open('x')];
  files.remove(tree, 'x');
  tree.write('x', 0, bytesOf('new'));
  one.tree.write(one.path, 3, bytesOf('er'));
  expect([text(one), text(other), text(open('x'))]).toEqual(['older', 'older', 'new']);
  expect([files.hasName(one), files.hasName(open('x'))]).toEqual([false, true]);
});

test('open files move along, with their folder too; what is replaced lives on', () => {
  const { tree, files, open, text } = scene();
  for (const path of ['a', 'b', 'ab']) tree.write(path, 0, bytesOf(path));
  const [moved, replaced, neighbour] = [open('a'), open('b'), open('ab')];
  files.rename(tree, 'a', 'b');
  expect([moved.path, text(moved), text(replaced), neighbour.path]).toEqual(['b', 'a', 'b', 'ab']);
  const inside = open('d/f');
  tree.write('d', 0, bytesOf(''));
  files.rename(tree, 'd', 'e');
  expect(inside.path).toBe('e/f');
});

test('a change that fails takes no name', () => {
  const { tree, files, open, text } = scene();
  tree.write('x', 0, bytesOf('old'));
  const file = open('x');
  expect(() => files.rename(tree, 'none', 'x')).toThrow(FileError);
  expect([files.hasName(file), text(file)]).toEqual([true, 'old']);
});

test('files without a name have 32 MB in all, which the last close frees', () => {
  const { tree, files, open } = scene();
  const large = new Uint8Array(20 * MEGABYTE);
  const lose = () => {
    tree.write('x', 0, large);
    const both = [open('x'), open('x')] as const;
    files.remove(tree, 'x');
    return both;
  };
  const sizeOf = ({ tree: at, path }: ReturnType<typeof open>) => at.stat(path).sizeBytes;
  const first = lose();
  expect(first.map(sizeOf)).toEqual([large.length, large.length]);
  const tooMuch = lose();
  expect(() => sizeOf(tooMuch[0])).toThrow(FileError);
  expect(files.hasName(tooMuch[0])).toBe(false);
  files.delete(first[0]);
  expect(sizeOf(first[1])).toBe(large.length);
  files.delete(first[1]);
  expect(lose().map(sizeOf)).toEqual([large.length, large.length]);
});
