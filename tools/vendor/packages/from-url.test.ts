import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../digest.ts';
import { lockedClosure, replaceable, takeOfficial, type LockedPackage } from './from-url.ts';

const good = zipSync({ 'scipy/__init__.py': new TextEncoder().encode('x = 1\n') });
const locked = (name: string, depends: readonly string[] = [], bytes: Uint8Array = good): LockedPackage => ({
  name,
  version: '1.0',
  file_name: `${name}-1.0-py3-none-any.whl`,
  sha256: sha256(bytes),
  depends,
  imports: [name],
});

const served = new Map<string, Uint8Array>();
let server: Server;
let base = '';
let cache = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const bytes = served.get((request.url ?? '').slice('/wheels/'.length));
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/wheels/`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(cache, { recursive: true, force: true });
});
beforeEach(async () => {
  served.clear();
  cache = await mkdtemp(join(tmpdir(), 'given-'));
});

describe('wheels from an address', () => {
  test('are taken when their SHA-256 is that of the lock file, and kept', async () => {
    const scipy = locked('scipy');
    served.set(scipy.file_name, good);
    expect(await takeOfficial(base, scipy, cache)).toEqual(good);
    served.clear();
    expect(await takeOfficial(base, scipy, cache)).toEqual(good);
  });

  test('are refused when a byte differs, by a message that names file and place', async () => {
    const scipy = locked('scipy');
    served.set(
      scipy.file_name,
      good.map((byte, position) => (position === 40 ? byte ^ 1 : byte)),
    );
    await expect(takeOfficial(base, scipy, cache)).rejects.toThrow(
      /scipy-1\.0-py3-none-any\.whl from http.* is not the official file and was refused/,
    );
  });

  test('may be absent', async () => {
    expect(await takeOfficial(base, locked('scipy'), cache)).toBeNull();
    expect(await takeOfficial(cache, locked('scipy'), cache)).toBeNull();
  });
});

describe('the lock file', () => {
  const lock = {
    scipy: locked('scipy', ['numpy', 'OpenBLAS']),
    'scikit-learn': locked('scikit-learn', ['scipy', 'joblib', 'threadpoolctl']),
    openblas: locked('openblas'),
    threadpoolctl: locked('threadpoolctl'),
    joblib: locked('joblib'),
    numpy: locked('numpy'),
    lxml: locked('lxml'),
  };

  test('gives a pack with all that it needs and nothing that is there already', () => {
    const names = lockedClosure(lock, ['scikit-learn'], new Set(['numpy', 'joblib'])).map(({ name }) => name);
    expect(names.sort()).toEqual(['openblas', 'scikit-learn', 'scipy', 'threadpoolctl']);
  });

  test('replaces only what we build ourselves', () => {
    const specs = [
      { name: 'lxml', licence: 'BSD', from: 'built' as const },
      { name: 'numpy', licence: 'BSD', from: 'official' as const },
      { name: 'kiwisolver', licence: 'BSD', from: 'built' as const },
    ];
    expect(replaceable(lock, specs).map(({ spec }) => spec.name)).toEqual(['lxml']);
  });
});
