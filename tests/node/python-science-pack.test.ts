import { createHash } from 'node:crypto';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { EngineStart } from '../../src/contracts/runner-protocol.ts';
import { createCodeReader } from '../../src/host/code-reader.ts';
import { createReading } from '../../src/host/reading/create-reading.ts';
import { createPythonRunner } from '../../src/runners/python/index.ts';
import { MANIFEST, type PythonManifest } from '../../tools/vendor/manifest.ts';
import { takeGiven } from '../../tools/vendor/packages/from-url.ts';
import { OUTPUT } from '../../tools/vendor/paths.ts';
import { addSciencePack } from '../../tools/vendor/science-pack.ts';
import type { NodeBoxOptions } from '../support/kit/node-box.ts';
import { openInNode, type TestSession } from '../support/kit/open-node.ts';
import { startLoopback } from '../support/loopback-server.ts';
import { vendoredSource } from '../support/python/node-engine.ts';
import { openPython } from '../support/python/open-session.ts';
import { answerWith, stubPack } from '../support/python/stub-pack.ts';
import { textsInMemory } from '../support/run-records-in-memory.ts';
import { testFolder } from '../support/test-folder.ts';

const PACK = ['scipy', 'scikit-learn', 'threadpoolctl', 'lzma'];
const EVERYTHING = `
import scipy, scipy.linalg, sklearn.datasets, lzma
print(scipy.__version__, round(scipy.linalg.det([[2.0, 0.0], [0.0, 3.0]])), sklearn.datasets.description)
`;

/** The real wheels, where a person vendored them. */
const OFFICIAL = `
import lzma
from scipy.linalg import det
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
iris = load_iris(return_X_y=True)
print(round(det([[2.0, 0.0], [0.0, 3.0]])), LogisticRegression(max_iter=1000).fit(*iris).score(*iris) > 0.9, lzma.decompress(lzma.compress(b'x')))
`;
const readManifest = async (from: string) => JSON.parse(await readFile(join(from, MANIFEST), 'utf8')) as PythonManifest;
const isVendored = (await readManifest(OUTPUT)).packages.some(({ name }) => name === 'scipy');

const place = testFolder('science-pack');
const folder = join(place, 'python');
let python: TestSession | null = null;

beforeAll(async () => {
  const { wheels, lock } = await stubPack();
  const server = await startLoopback(answerWith(wheels));
  const base = `${server.origin}/wheels`;
  const { pack } = await takeGiven({ base, kept: join(place, 'given'), lock }, () => undefined);
  await server.close();
  if (isVendored) return;
  await cp(OUTPUT, folder, { recursive: true });
  await addSciencePack(folder, pack);
});
afterEach(() => python?.dispose());

/** A session over the folder with the pack, and the names of the vendored files that were read for it. */
async function openWithPack(start: EngineStart, boxes: NodeBoxOptions = {}) {
  const source = vendoredSource(folder);
  const read: string[] = [];
  const load = (name: string): Promise<Blob> => {
    read.push(name);
    return source.load(name);
  };
  python = await openInNode(createPythonRunner({ source: { ...source, load }, start: () => start }), boxes);
  return { python, read };
}

// 2026-11-24: where a person has added the real pack, these would be answered by it, and the next test looks at that one.
describe.skipIf(isVendored)('with the science pack', () => {
  test.each([
    ['the science heap', 'science', {}],
    ['the base heap, where numpy has to come too', 'base', {}],
    ['the science heap, without shared memory', 'science', { hasSharedMemory: false }],
  ] as const)('its packages are imported over %s', async (_name, start, boxes) => {
    const { python: session } = await openWithPack(start, boxes);
    const run = await session.run(EVERYTHING);
    expect(run.stderr).toBe('');
    expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(run.stdout).toBe('stub 6 Iris plants\n');
    expect(run.events.filter(({ kind }) => kind === 'notice')).toEqual([]);
  });

  test('nothing of it is read before a program imports it', async () => {
    const { python: session, read } = await openWithPack('science');
    const isOfPack = (name: string) => PACK.some((one) => name.includes(one.replace('-', '_')));
    await session.run('import numpy, pandas; print(1)');
    expect(read.length).toBeGreaterThan(10);
    expect(read.filter(isOfPack)).toEqual([]);
    await session.run('import scipy');
    expect(read.filter(isOfPack)).toEqual(['packages/scipy.image.gz']);
  });

  test('what is read of code counts it as had, and code without it as before', async () => {
    const missing = async (from?: string) => {
      const reader = createCodeReader(textsInMemory(), createReading(vendoredSource(from)));
      const code = 'import scipy, sklearn.linear_model, _lzma, skimage, numpy';
      return [...(await reader.analyse({ code, label: 'python' })).missing].sort();
    };
    expect(await missing(folder)).toEqual(['skimage']);
    expect(await missing()).toEqual(['_lzma', 'scipy', 'skimage', 'sklearn']);
  });

  test('its files, versions and licences are on record', async () => {
    const manifest = await readManifest(folder);
    const before = await readManifest(OUTPUT);
    expect(manifest.packages.slice(0, before.packages.length)).toEqual(before.packages);
    const added = manifest.packages.slice(before.packages.length);
    expect(added.map(({ name }) => name)).toEqual(PACK);
    expect(added[1]).toMatchObject({
      licence: 'BSD-3-Clause',
      modules: ['sklearn'],
      requires: ['scipy', 'joblib', 'threadpoolctl'],
    });
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(manifest.files).toHaveLength(files.length - 1);
    const listed = manifest.files.find(({ name }) => name === 'packages/scikit_learn.image.gz');
    const bytes = await readFile(join(folder, 'packages/scikit_learn.image.gz'));
    expect(listed?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const licences = await readFile(join(folder, 'LICENCES.txt'), 'utf8');
    expect(licences).toMatch(
      /==== scipy: BSD-3-Clause\nFrom: scipy-1\.14\.1\S+ of Pyodide, SHA-256 \w{64}\n\nLicence of SciPy\./,
    );
    expect(licences.startsWith(await readFile(join(OUTPUT, 'LICENCES.txt'), 'utf8'))).toBe(true);
  });
});

if (isVendored)
  test('the official wheels of the science pack work', async () => {
    python = await openPython('science');
    const run = await python.run(OFFICIAL);
    expect(run.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(run.stdout).toBe("6 True [(2,)] b'x'\n");
  });

// 2026-11-24: as above.
test.skipIf(isVendored)('without the science pack the sentence says what is missing and what has it', async () => {
  python = await openPython('science');
  const run = await python.run('import scipy');
  const notices = run.events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(/^scipy is not available on this device\. Use instead: numpy.*optional science pack/);
  expect(run.outcome).toMatchObject({ kind: 'completed', error: { code: 'python/package-unavailable' } });
});
