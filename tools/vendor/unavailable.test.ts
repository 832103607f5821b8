import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ImportEntry, importTable, modulesIn, type UnavailableRow } from './import-table.ts';
import { HERE, RUNNER } from './paths.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const rows = read(join(HERE, 'unavailable.json')) as readonly UnavailableRow[];
const table = read(join(RUNNER, 'packages.generated.json')) as Readonly<Record<string, ImportEntry>>;
const bundled = Object.entries(table).filter(([, { status }]) => status === 'bundled');

describe('what is said of packages that are not here', () => {
  test('is said of none that is bundled', () => {
    const names = rows.flatMap(({ imports }) => imports);
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name) => table[name]?.status !== 'unavailable')).toEqual([]);
  });

  test('is what the tracked table says', () => {
    const packages = bundled.map(([module, entry]) => ({
      name: entry.package,
      version: '1',
      licence: '',
      modules: [module],
      size: 0,
      images: [],
      requires: [],
    }));
    expect(table).toEqual(importTable(packages, rows));
  });

  test('marks every module that its advice names, so that it is looked up', () => {
    const advice = rows.flatMap(({ instead }) => instead);
    expect(advice.flatMap(modulesIn)).toContain('numpy');
    const unmarked = advice.flatMap((text) => {
      const plain = text.replace(/`[^`]*`/g, '').replaceAll('%pip install', '');
      return (plain.match(/[A-Za-z_][\w-]*/g) ?? []).filter(isPackage);
    });
    expect(unmarked).toEqual([]);
  });

  test('names no engine elsewhere, of which there may be none, and no lack of a network, which a person may allow', () => {
    const texts = rows.flatMap(({ why, instead }) => [why, ...instead]);
    expect(texts.filter((text) => /remote engine|without a network|no network/iu.test(text))).toEqual([]);
  });

  test('knows of each whether an index may be asked', () => {
    const kinds = new Set(['native', 'device', 'network', 'service', 'server', 'pure']);
    expect(rows.filter(({ needs }) => !kinds.has(needs))).toEqual([]);
    for (const name of ['httpx', 'folium', 'plotly', 'flask', 'websockets', 'bokeh']) {
      expect(table[name], name).toMatchObject({ install: true });
    }
    // Of the last two only what they require is compiled.
    for (const name of ['torch', 'cv2', 'ssl', 'altair', 'fastapi']) {
      expect(table[name], name).toMatchObject({ install: false });
    }
  });
});

const installNames = new Set(Object.values(table).map((entry) => entry.package));
const isPackage = (word: string): boolean => Object.hasOwn(table, word) || installNames.has(word);
