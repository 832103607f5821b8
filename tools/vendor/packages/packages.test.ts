import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../digest.ts';
import { buildImage } from './image.ts';
import { embeddedArchives, findArchives } from './official.ts';
import { metadataVersion, selectFiles, topLevelModules } from './select.ts';
import { requirementsOf, splitIntoImages } from './split.ts';
import type { PackageSpec } from './spec.ts';
import { decodeTree, encodeTree, type Tree } from './tree.ts';
import { makeTzdata } from './tzdata.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const treeOf = (files: Record<string, string>): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, bytes(text)]));
const spec = (name: string, more: Partial<PackageSpec> = {}): PackageSpec => ({
  name,
  licence: 'MIT',
  from: 'debian',
  ...more,
});

describe('image', () => {
  test('holds equal contents once and lists folders before their files', () => {
    const { index, image } = buildImage(
      [treeOf({ 'p/x.pyc': 'abc', 'p/q/y.pyc': 'abc' }), treeOf({ 'z.pyc': 'd' })],
      '/site',
    );
    expect(image).toEqual(bytes('abcd'));
    expect(index.bytes).toBe(4);
    expect(index.entries).toEqual([
      ['/site/p', 0, -1],
      ['/site/p/q', 0, -1],
      ['/site/p/q/y.pyc', 0, 3],
      ['/site/p/x.pyc', 0, 3],
      ['/site/z.pyc', 3, 1],
    ]);
  });

  test('refuses two packages that claim one path with different contents', () => {
    expect(() => buildImage([treeOf({ a: '1' }), treeOf({ a: '2' })], '/site')).toThrow('two packages have a');
    expect(() => buildImage([treeOf({ a: '1' }), treeOf({ a: '1' })], '/site')).not.toThrow();
  });
});

describe('tree', () => {
  test('survives encoding, also when empty', () => {
    for (const tree of [treeOf({}), treeOf({ 'ä/b': 'ü', empty: '', c: 'x' })]) {
      expect([...decodeTree(encodeTree(tree))].sort()).toEqual([...tree].sort());
    }
  });
});

describe('archives inside a program', () => {
  const wheel = Buffer.from(zipSync({ 'a.dist-info/WHEEL': bytes('Tag: x') }));
  const carrier = Buffer.concat([
    Buffer.from('ELF PK\u0005\u0006 noise'),
    wheel,
    Buffer.alloc(40),
    Buffer.from('PK\u0005\u0006'),
  ]);

  test('are cut out whole', () => {
    expect([...embeddedArchives(carrier)].map(sha256)).toEqual([sha256(wheel)]);
  });

  test('count only with the wanted SHA-256', () => {
    expect(findArchives(carrier, new Set([sha256('other')])).size).toBe(0);
    expect(findArchives(carrier, new Set([sha256(wheel)])).get(sha256(wheel))).toEqual(wheel);
  });
});

describe('selection of files', () => {
  test('leaves out tests, headers and stubs but not what only looks like them', () => {
    const kept = selectFiles(
      treeOf({
        'numpy/tests/test_a.py': '',
        'numpy/testing/__init__.py': '',
        'numpy/_core/include/numpy/x.h': '',
        'numpy/_core/tests/_natype.py': '',
        'pandas/_testing/asserters.py': '',
        'numpy/x.pyi': '',
        'jinja2/tests.py': '',
        'a-1.dist-info/RECORD': '',
        'a-1.dist-info/METADATA': 'Name: a\nVersion: 1\n\nlong text',
      }),
    );
    expect([...kept.keys()].sort()).toEqual([
      'a-1.dist-info/METADATA',
      'jinja2/tests.py',
      'numpy/_core/tests/_natype.py',
      'numpy/testing/__init__.py',
      'pandas/_testing/asserters.py',
    ]);
    expect(new TextDecoder().decode(kept.get('a-1.dist-info/METADATA'))).toBe('Name: a\nVersion: 1\n');
  });

  test('names what import finds, and the version', () => {
    const tree = treeOf({
      'six.pyc': '',
      '_imaging.cpython-313-wasm32-emscripten.so': '',
      'docx/api.pyc': '',
      'x-2.0.dist-info/METADATA': 'Version: 2.0\n',
      'data/readme.txt': '',
    });
    expect(topLevelModules(tree)).toEqual(['_imaging', 'docx', 'six']);
    expect(metadataVersion(tree)).toBe('2.0');
    expect(metadataVersion(treeOf({}))).toBeNull();
  });
});

describe('division into images', () => {
  test('keeps code of the science heap apart from what a start with it needs', () => {
    const images = splitIntoImages(
      [
        {
          spec: spec('numpy', { group: 'science' }),
          tree: treeOf({
            'numpy/__init__.pyc': 'i',
            'numpy/late.pyc': 'l',
            'numpy/c.so': 'c',
            'numpy/random/mtrand.x.so': 'r',
            'numpy-2.dist-info/METADATA': 'm',
          }),
        },
        { spec: spec('tzdata', { group: 'base' }), tree: treeOf({ 'tzdata/zones': 'z' }) },
        { spec: spec('ruamel.yaml'), tree: treeOf({ 'ruamel/yaml.pyc': 'y' }) },
      ],
      treeOf({ 'companion_runtime/__init__.pyc': 's' }),
      new Set(['/lib/python3.13/site-packages/numpy/__init__.pyc', '/lib/python3.13/site-packages/numpy/c.so']),
    );
    expect(Object.fromEntries([...images].map(([name, tree]) => [name, [...tree.keys()]]))).toEqual({
      'base.image': ['companion_runtime/__init__.pyc', 'tzdata/zones'],
      'first.image': ['numpy/random/mtrand.x.so', 'numpy-2.dist-info/METADATA'],
      'core.image': ['numpy/late.pyc', 'numpy/c.so'],
      'science-code.image': ['numpy/__init__.pyc'],
      'packages/ruamel_yaml.image': ['ruamel/yaml.pyc'],
    });
  });

  test('reads requirements without extras and other systems', () => {
    const metadata = [
      'et_xmlfile (>=1.1)',
      'lxml; extra == "fast"',
      'Typing-Extensions>=4; python_version < "3.8"',
      'absent',
    ];
    const tree = treeOf({ 'o-1.dist-info/METADATA': metadata.map((line) => `Requires-Dist: ${line}\n`).join('') });
    const bundled = ['et-xmlfile', 'lxml', 'typing_extensions', 'openpyxl', 'six'].map((name) => spec(name));
    expect(requirementsOf(spec('openpyxl', { requires: ['six'] }), tree, bundled)).toEqual(['et-xmlfile', 'six']);
  });
});

describe('tzdata', () => {
  test('is made of the zones of pytz, every folder a package', () => {
    const pytz = treeOf({
      'pytz/__init__.py': "x\nVERSION = '2025.2'\n",
      'pytz/zoneinfo/America/Indiana/Knox': 'TZ',
      'pytz/zoneinfo/UTC': 'TZ',
      'pytz/lazy.py': '',
    });
    const tree = makeTzdata(pytz);
    expect([...tree.keys()].sort()).toEqual([
      'tzdata-2025.2.dist-info/METADATA',
      'tzdata/__init__.py',
      'tzdata/zoneinfo/America/Indiana/Knox',
      'tzdata/zoneinfo/America/Indiana/__init__.py',
      'tzdata/zoneinfo/America/__init__.py',
      'tzdata/zoneinfo/UTC',
      'tzdata/zoneinfo/__init__.py',
      'tzdata/zones',
    ]);
  });
});
