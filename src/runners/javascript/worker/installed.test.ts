import { describe, expect, it } from 'vitest';
import { installedFile } from './installed.ts';

/** Files below /mnt/data, with their texts. */
const find = (
  files: Readonly<Record<string, string>>,
  name: string,
  from = 'main.js',
  by: 'import' | 'require' = 'import',
) =>
  installedFile(
    {
      mountPath: '/mnt/data',
      isFile: (path) => Object.hasOwn(files, path.replace('/mnt/data/', '')),
      text: (path) => files[path.replace('/mnt/data/', '')] ?? '',
    },
    { name, from: `/mnt/data/${from}`, by },
  )?.replace('/mnt/data/', '') ?? null;

const packageOf = (manifest: object): string => JSON.stringify(manifest);

describe('a package in node_modules', () => {
  it('is what its main names, with or without an ending, else its index', () => {
    const at = 'node_modules/pad';
    expect(find({ [`${at}/package.json`]: packageOf({ main: './lib/pad' }), [`${at}/lib/pad.js`]: '' }, 'pad')).toBe(
      `${at}/lib/pad.js`,
    );
    expect(find({ [`${at}/package.json`]: packageOf({ main: 'lib' }), [`${at}/lib/index.js`]: '' }, 'pad')).toBe(
      `${at}/lib/index.js`,
    );
    expect(find({ [`${at}/package.json`]: '{}', [`${at}/index.js`]: '' }, 'pad')).toBe(`${at}/index.js`);
    expect(find({ [`${at}/package.json`]: 'no manifest', [`${at}/index.js`]: '' }, 'pad')).toBe(`${at}/index.js`);
    expect(find({ [`${at}/package.json`]: packageOf({ main: 'gone.js' }), [`${at}/index.js`]: '' }, 'pad')).toBe(
      `${at}/index.js`,
    );
  });

  it('is what its exports name for who asks, and nothing beside them', () => {
    const at = 'node_modules/@own/pad';
    const files = {
      [`${at}/package.json`]: packageOf({
        main: 'main.js',
        exports: {
          '.': { import: './pad.mjs', require: './pad.cjs' },
          './parts/*': './dist/*.js',
        },
      }),
      ...Object.fromEntries(
        ['main.js', 'pad.mjs', 'pad.cjs', 'dist/left.js', 'secret.js'].map((one) => [`${at}/${one}`, '']),
      ),
    };
    expect(find(files, '@own/pad')).toBe(`${at}/pad.mjs`);
    expect(find(files, '@own/pad', 'main.js', 'require')).toBe(`${at}/pad.cjs`);
    expect(find(files, '@own/pad/parts/left')).toBe(`${at}/dist/left.js`);
    expect(find(files, '@own/pad/secret.js')).toBe(null);
  });

  it('is the nearest one', () => {
    const files = {
      'node_modules/pad/package.json': '{}',
      'node_modules/pad/index.js': '',
      'node_modules/deep/node_modules/pad/package.json': '{}',
      'node_modules/deep/node_modules/pad/index.js': '',
    };
    expect(find(files, 'pad', 'node_modules/deep/lib/a.js')).toBe('node_modules/deep/node_modules/pad/index.js');
    expect(find(files, 'pad', 'app/src/a.js')).toBe('node_modules/pad/index.js');
    expect(find(files, 'other')).toBe(null);
    expect(find(files, '@own')).toBe(null);
  });

  it('has files of its own by their names where it exports nothing', () => {
    const files = { 'node_modules/pad/package.json': '{}', 'node_modules/pad/lib/left.js': '' };
    expect(find(files, 'pad/lib/left')).toBe('node_modules/pad/lib/left.js');
  });
});
