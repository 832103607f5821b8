import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { SessionFiles } from '../../src/contracts/files.ts';
import { exportZip, importZip } from '../../src/workspace/index.ts';
import { write } from '../support/files-contract.ts';
import { filesInMemory } from '../support/workspace/memory-tree.ts';
import { contentOf } from '../support/workspace/tree-content.ts';
import { ZipBytes } from '../support/workspace/zip-bytes.ts';

const text = strToU8('evil');
const MB = 1024 * 1024;

async function withZip(bytes: Uint8Array): Promise<SessionFiles> {
  const files = filesInMemory();
  await files.perform({ op: 'mkdir', path: 'd' });
  await files.perform(write('kept', 'kept'));
  await files.perform({ op: 'write', path: 'in.zip', position: 0, bytes, truncateTo: null });
  return files;
}

const visible = async (files: SessionFiles) => (await contentOf(files)).filter(([path]) => path !== '.output');

/** Refused with this code, and the tree is as it was. */
async function refused(bytes: Uint8Array, code: string): Promise<void> {
  const files = await withZip(bytes);
  const before = await visible(files);
  for (const into of ['', 'd', 'new']) {
    expect(await importZip(files, { path: 'in.zip', into })).toMatchObject({ ok: false, error: { code } });
    expect(await visible(files)).toEqual(before);
  }
}

describe('names that lead outside are refused, whole archive and all', () => {
  test.each([
    '../up',
    'a/../../up',
    'a/..',
    '..',
    '/absolute',
    '//server/share',
    'C:/drive',
    'c:drive',
    '\\\\server\\share',
    '\\root',
    '..\\up',
    'a\\..\\..\\up',
    'a\\b',
    './a',
    'a//b',
    'a/./b',
    'nul\0.txt',
    'x/'.repeat(600),
    'n'.repeat(300),
  ])('%j', async (name) => {
    await refused(zipSync({ good: strToU8('good'), [name]: text }), 'files/unsafe-archive');
  });

  test('also where the good ones come last', async () => {
    await refused(zipSync({ '../up': text, good: strToU8('good') }), 'files/unsafe-archive');
  });

  test('also where only the entry itself has such a name, and the directory a good one', async () => {
    const zip = new ZipBytes({ 'aa/up': text });
    const [local = 0] = zip.local;
    zip.bytes.set(strToU8('../up'), local + 30);
    const files = await withZip(zip.bytes);
    await importZip(files, { path: 'in.zip', into: 'd' });
    const names = (await visible(files)).map(([path]) => path);
    expect(names.filter((path) => !path.startsWith('d/aa'))).toEqual(['d', 'in.zip', 'kept']);
  });
});

test('a program calls its files so that their zip, unpacked elsewhere, leads outside: they are no ways there', async () => {
  const files = filesInMemory();
  await files.perform({ op: 'mkdir', path: 'C:' });
  const names = ['..\\..\\up', 'C:/drive', 'd:drive', 'line\nend', '\ud800 half', '\udc00 half', '100% 12:30 😀'];
  for (const name of names) expect(await files.perform(write(name, 'evil'))).toEqual({ ok: true });
  const packed = await exportZip(files, { path: '' });
  const path = packed.ok ? packed.value.path : '';
  const read = await files.perform({ op: 'read', path, position: 0, length: MB });
  const bytes = (read.ok && read.bytes) || new Uint8Array(0);
  expect(Object.keys(unzipSync(bytes)).sort()).toEqual([
    '%D800 half',
    '%DC00 half',
    '..%5C..%5Cup',
    '100% 12:30 😀',
    'C%3A/',
    'C%3A/drive',
    'd%3Adrive',
    'line%0Aend',
  ]);
  // What goes out can come in again.
  expect(await importZip(await withZip(bytes), { path: 'in.zip', into: '' })).toMatchObject({ value: { files: 7 } });
});

describe('entries that are no files or folders are refused', () => {
  test.each([
    ['a symbolic link', 0o120777],
    ['a symbolic link to a folder, and a file through it', 0o120755],
  ])('%s', async (_what, mode) => {
    const link: Zippable = { link: [strToU8('/etc'), { os: 3, attrs: (mode << 16) >>> 0 }] };
    await refused(zipSync({ ...link, 'link2/passwd': text }), 'files/unsafe-archive');
  });

  test('a file that is a folder of another', async () => {
    await refused(zipSync({ a: text, 'a/b': text }), 'files/unsafe-archive');
  });

  test('a name that a runner keeps', async () => {
    await refused(zipSync({ '.output/unpacking/x': text }), 'files/unsafe-archive');
  });

  test('a locked entry', async () => {
    const zip = new ZipBytes({ a: text });
    for (const at of zip.central) zip.set16(at + 8, zip.get16(at + 8) | 1);
    for (const at of zip.local) zip.set16(at + 6, zip.get16(at + 6) | 1);
    await refused(zip.bytes, 'files/bad-archive');
  });
});

describe('two readings of one archive are refused', () => {
  test('a name that is there twice', async () => {
    await refused(new ZipBytes({ aa: text, ab: text }).replace('ab', 'aa').bytes, 'files/unsafe-archive');
  });

  test('a folder and a file of one name', async () => {
    const zip = new ZipBytes({ 'aa/': new Uint8Array(0), aab: text });
    await refused(zip.replace('aab', 'aa/').bytes, 'files/unsafe-archive');
  });

  test('two directories', async () => {
    const zip = new ZipBytes({ a: text });
    const other = zipSync({ b: text });
    // The control: each by itself is an archive like any other.
    for (const bytes of [zip.bytes, other])
      expect(await importZip(await withZip(bytes), { path: 'in.zip', into: 'd' })).toMatchObject({ ok: true });
    const files = await withZip(Uint8Array.from([...zip.bytes, ...other]));
    await importZip(files, { path: 'in.zip', into: 'd' });
    const names = (await visible(files)).map(([path]) => path);
    expect(names).not.toEqual(expect.arrayContaining(['d/a', 'd/b']));
  });
});

describe('names in other encodings', () => {
  test('a name that says it is UTF-8 and is not', async () => {
    const zip = new ZipBytes({ é: text });
    await refused(zip.replace('é', Uint8Array.of(0xc3, 0x28)).bytes, 'files/unsafe-archive');
  });

  test('a name of an old maker is read as its code page says, never as a path', async () => {
    const zip = new ZipBytes({ ab: text });
    const files = await withZip(zip.replace('ab', Uint8Array.of(0x82, 0x81)).bytes);
    expect(await importZip(files, { path: 'in.zip', into: 'd' })).toMatchObject({ ok: true });
    expect((await visible(files)).map(([path]) => path)).toContain('d/éü');
  });

  test('an overlong UTF-8 form of ../ is no way out', async () => {
    const zip = new ZipBytes({ éééxx: text });
    const overlong = Uint8Array.of(0xc0, 0xae, 0xc0, 0xae, 0xc0, 0xaf, 0x78, 0x78);
    await refused(zip.replace('éééxx', overlong).bytes, 'files/unsafe-archive');
  });
});

describe('bombs', () => {
  test('one file of zeros beyond the ratio', async () => {
    await refused(zipSync({ zeros: new Uint8Array(100 * MB) }), 'files/unsafe-archive');
  });

  test('many that are small each', async () => {
    const zeros = new Uint8Array(10 * MB);
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`z${n}`, zeros]));
    await refused(zipSync(many), 'files/unsafe-archive');
  });

  test('more files than a session holds', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, n) => [`f${n}`, new Uint8Array(0)]));
    await refused(zipSync(many), 'files/unsafe-archive');
  });

  test('a size above the largest file', async () => {
    const zip = new ZipBytes({ a: text });
    for (const at of zip.central) zip.set32(at + 24, 513 * MB);
    await refused(zip.bytes, 'files/too-large');
  });

  test('entries that share their bytes', async () => {
    const zip = new ZipBytes({ aa: [text, { level: 0 }], ab: [text, { level: 0 }] });
    const [, second = 0] = zip.central;
    const [first = 0] = zip.local;
    await refused(zip.set32(second + 42, first).bytes, 'files/unsafe-archive');
  });

  test('a file larger than it says is not unpacked', async () => {
    const zip = new ZipBytes({ a: new Uint8Array(10 * MB) });
    for (const at of zip.central) zip.set32(at + 24, 5);
    for (const at of zip.local) zip.set32(at + 22, 5);
    await refused(zip.bytes, 'files/bad-archive');
  });

  test('a zip in a zip stays a zip', async () => {
    const files = await withZip(zipSync({ 'inner.zip': zipSync({ '../up': text }) }));
    expect(await importZip(files, { path: 'in.zip', into: 'd' })).toMatchObject({ value: { files: 1 } });
    expect((await visible(files)).map(([path]) => path)).toContain('d/inner.zip');
  });
});

test('no flipped byte of a zip leads outside its folder, or leaves anything of an archive that is refused', async () => {
  const good = new ZipBytes({ 'd/one': strToU8('one'), two: [strToU8('two'), { level: 0 }], 'e/': new Uint8Array(0) });
  for (let at = 0; at < good.bytes.length; at += 1) {
    for (const mask of [1, 0x2e, 0x80, 0xff]) {
      const bytes = good.bytes.slice();
      bytes[at] = (bytes[at] ?? 0) ^ mask;
      const files = await withZip(bytes);
      const before = await visible(files);
      const answer = await importZip(files, { path: 'in.zip', into: 'new' });
      const after = await visible(files);
      if (answer.ok) expect(after.filter(([path]) => !path.startsWith('new'))).toEqual(before);
      else expect(after).toEqual(before);
    }
  }
});
