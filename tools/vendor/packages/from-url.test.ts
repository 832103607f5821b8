import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LoopbackServer, startLoopback } from '../../../tests/support/loopback-server.ts';
import { answerWith, type StubPack, stubPack } from '../../../tests/support/python/stub-pack.ts';
import { testFolder } from '../../../tests/support/test-folder.ts';
import { sha256 } from '../digest.ts';
import { type Given, pinned, readLock, takeGiven } from './from-url.ts';
import { gatherPackages } from './gather.ts';
import { normalName, readPackSpecs, readSpecs, type PackagePins } from './spec.ts';

const SCIPY = 'scipy-1.14.1-cp313-cp313-pyemscripten_2025_0_wasm32.whl';
const served = new Map<string, Uint8Array>();
const places = testFolder('given');
let made = 0;
let stubs: StubPack;
let server: LoopbackServer;
let base = '';
let kept = '';
let said: string[] = [];

const folder = async (): Promise<string> => {
  made += 1;
  const place = join(places, String(made));
  await mkdir(place);
  return place;
};
const take = (from: string | null = base, lock = stubs.lock): Promise<Given> =>
  takeGiven({ base: from, kept, lock }, (line) => said.push(line));
const namesOf = (given: Given) => given.pack.map(({ spec }) => spec.name);
const spoilt = (bytes: Uint8Array): Uint8Array => bytes.map((byte, position) => (position === 40 ? byte ^ 1 : byte));

beforeAll(async () => {
  stubs = await stubPack();
  server = await startLoopback(answerWith(served));
  base = `${server.origin}/wheels/`;
});
afterAll(async () => {
  await server.close();
});
beforeEach(async () => {
  served.clear();
  for (const [name, wheel] of stubs.wheels) served.set(name, wheel);
  kept = await folder();
  said = [];
});

describe('official wheels from an address', () => {
  test('are the whole pack where their SHA-256 is that of the lock file', async () => {
    const given = await take();
    expect(namesOf(given)).toEqual(['scipy', 'scikit-learn', 'threadpoolctl', 'lzma']);
    expect(given.pack[0]?.bytes).toEqual(stubs.wheels.get(SCIPY));
    expect(said).toContain('from-url: with the science pack');
  });

  test('are used by a later run that names no address', async () => {
    expect(namesOf(await take(null))).toEqual([]);
    await take();
    expect(namesOf(await take(null))).toHaveLength(4);
  });

  test('that were damaged where they are kept are taken anew', async () => {
    await take();
    for (const name of await readdir(kept)) await writeFile(join(kept, name), 'cut');
    expect(namesOf(await take(null))).toEqual([]);
    expect(namesOf(await take())).toHaveLength(4);
  });

  test('may come from a folder', async () => {
    const place = await folder();
    for (const [name, wheel] of stubs.wheels) await writeFile(join(place, name), wheel);
    expect(namesOf(await take(place))).toHaveLength(4);
  });

  test('are refused when a byte differs, and nothing is kept', async () => {
    served.set(SCIPY, spoilt(stubs.wheels.get(SCIPY) ?? new Uint8Array()));
    await expect(take()).rejects.toThrow(
      /scipy-1\.14\.1\S+ from http\S+ is not the official file and was refused: its SHA-256 is \w{64}.*Nothing was changed\. Put the file of Pyodide's release 0\.\d+\.\d+ there/,
    );
    expect(await readdir(kept)).toEqual([]);
  });

  test('that are a part of the pack are refused by what is missing', async () => {
    served.delete(SCIPY);
    await expect(take()).rejects.toThrow(
      `${base} lacks ${SCIPY} of the science pack. Nothing was changed. Put what is missing there`,
    );
    expect(await readdir(kept)).toEqual([]);
  });

  test('may be others than the pack; an address with nothing is a mistake', async () => {
    served.clear();
    await expect(take()).rejects.toThrow(`lacks ${[...stubs.wheels.keys()].join(', ')} of the science pack`);
    const lxml = zipSync({ 'lxml/__init__.py': new TextEncoder().encode('x = 1\n') });
    const row = stubs.lock['lxml'];
    if (!row) throw new Error('lxml is not in the lock file');
    served.set(row.file_name, lxml);
    const given = await take(base, { ...stubs.lock, lxml: { ...row, sha256: sha256(lxml) } });
    expect(given.pack).toEqual([]);
    expect(given.instead.map(({ spec }) => spec.name)).toEqual(['lxml']);
    expect(said).toContain(`from-url: ${row.file_name} replaces our lxml`);
    expect(said).toContain('from-url: without the science pack');
  });

  test('that cannot be had are told with the address', async () => {
    const closed = await startLoopback((_request, response) => response.writeHead(503).end());
    await expect(take(closed.origin)).rejects.toThrow(`${closed.origin} answers 503 for `);
    await closed.close();
    await expect(take(closed.origin)).rejects.toThrow(`${closed.origin} cannot be reached`);
  });
});

test('a given wheel takes the place of ours', async () => {
  const lxml = zipSync({ 'lxml/__init__.py': new TextEncoder().encode('given = True\n') });
  const specs = (await readSpecs()).filter(({ name }) => name === 'lxml');
  const none: PackagePins = {
    pyodide: { package: 'pyodide', version: '0' },
    official: { carrier: 'fflate', carrierVersion: 'none', program: 'package.json', wheels: [] },
    built: [],
  };
  const [given] = await gatherPackages(specs, none, new Map([['lxml', lxml]]), () => undefined);
  expect(given).toMatchObject({ origin: 'given wheel', digest: sha256(lxml) });
  await expect(gatherPackages(specs, none, new Map(), () => undefined)).rejects.toThrow('no wheel for lxml');
});

test('the pack has all that it needs, by the lock file of the pinned Pyodide', async () => {
  const specs = await readPackSpecs();
  const rows = pinned(specs, await readLock());
  expect(rows).toHaveLength(specs.length);
  const here = new Set([...specs, ...(await readSpecs())].map(({ name }) => normalName(name)));
  const needed = rows.flatMap(({ locked }) => locked.depends.map(normalName));
  expect(needed).toContain('joblib');
  expect(needed.filter((name) => !here.has(name))).toEqual([]);
});
