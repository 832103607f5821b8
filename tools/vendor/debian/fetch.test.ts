import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTemporaryFolder, type TemporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { sha256 } from '../digest.ts';
import type { PinnedFile } from './pins.ts';

const BYTES = 'a package';
const PATH = 'pool/main/h/hello/hello_2.10-3+b1_i386.deb';
const SENT = '/pool/main/h/hello/hello_2.10-3%2Bb1_i386.deb';
const FILE: PinnedFile = {
  name: 'hello',
  version: '2.10-3+b1',
  path: PATH,
  bytes: BYTES.length,
  sha256: sha256(BYTES),
  at: '20261126T062400Z',
};

let folder: TemporaryFolder;
/** What a server gives at an address: text, or a status. */
let given: Map<string, string | number>;
let asked: string[];
const server = createServer(({ url = '' }, answer) => {
  asked.push(url);
  const found = given.get(url) ?? 404;
  if (typeof found === 'string') answer.end(found);
  else answer.writeHead(found, found === 429 ? { 'retry-after': '1' } : {}).end();
});

/** The cache is where it is when its module is loaded. */
const fetchPinned = async (): Promise<string[]> => (await import('./fetch.ts')).fetchPinned([FILE]);

beforeEach(async () => {
  folder = createTemporaryFolder('fetch');
  [given, asked] = [new Map(), []];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  vi.stubEnv('COMPANION_CACHE', folder.path);
  vi.stubEnv('COMPANION_SOURCES', undefined);
  vi.stubEnv('COMPANION_DEBIAN_MIRROR', `${address}/debian/`);
  vi.stubEnv('COMPANION_DEBIAN_SNAPSHOTS', `${address}/snapshots`);
  vi.resetModules();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await folder.remove();
});

const MIRRORED = `/debian${SENT}`;
const ARCHIVED = `/snapshots/20261126T062400Z${SENT}`;

it('takes a file from the mirror, once', async () => {
  given.set(MIRRORED, BYTES);
  const [place = ''] = await fetchPinned();
  expect(await readFile(place, 'utf8')).toBe(BYTES);
  expect(await fetchPinned()).toEqual([place]);
  expect(asked).toEqual([MIRRORED]);
});

it('takes what the mirror has no more from the archive of the moment that the pin names', async () => {
  given.set(ARCHIVED, BYTES);
  const [place = ''] = await fetchPinned();
  expect(await readFile(place, 'utf8')).toBe(BYTES);
  expect(asked).toEqual([MIRRORED, ARCHIVED]);
});

it('asks a mirror that is ill three times, then the archive', async () => {
  given.set(MIRRORED, 503).set(ARCHIVED, BYTES);
  await fetchPinned();
  expect(asked).toEqual([MIRRORED, MIRRORED, MIRRORED, ARCHIVED]);
});

it('gives an archive the time that it asks for', async () => {
  given.set(ARCHIVED, 429);
  setTimeout(() => given.set(ARCHIVED, BYTES), 700);
  await fetchPinned();
  expect(asked).toEqual([MIRRORED, ARCHIVED, ARCHIVED]);
});

it('takes no other bytes than those that are pinned, wherever they come from', async () => {
  given.set(ARCHIVED, 'another package');
  await expect(fetchPinned()).rejects.toThrow('hello_2.10-3+b1_i386.deb is not the pinned file: its SHA-256 differs.');
});

it('says who was asked where nobody gives it, and what to do', async () => {
  await expect(fetchPinned()).rejects.toThrow(
    /^Nobody gives pool\/main\/h\/hello.*\/debian: 404; .*\/snapshots\/20261126T062400Z: 404\)\. Put the file into a folder/u,
  );
});

it('says why a server could not be asked, and takes a file that lies in a folder of the person', async () => {
  vi.stubEnv('COMPANION_DEBIAN_MIRROR', 'http://127.0.0.1:9/debian');
  await expect(fetchPinned()).rejects.toThrow(/127\.0\.0\.1:9\/debian: /u);
  await writeFile(join(folder.path, 'hello_2.10-3+b1_i386.deb'), BYTES);
  vi.stubEnv('COMPANION_SOURCES', folder.path);
  const [place = ''] = await fetchPinned();
  expect(await readFile(place, 'utf8')).toBe(BYTES);
});
