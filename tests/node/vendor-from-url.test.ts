import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../tools/vendor/digest.ts';
import { MANIFEST, type PythonManifest } from '../../tools/vendor/manifest.ts';
import { type LockedPackages, pinned } from '../../tools/vendor/packages/from-url.ts';
import { readPackagePins, readSpecs, wheelFor } from '../../tools/vendor/packages/spec.ts';
import { CACHE, PYODIDE, ROOT } from '../../tools/vendor/paths.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { answerWith, stubPack } from '../support/python/stub-pack.ts';
import { testFolder } from '../support/test-folder.ts';

/** Everything but the last comparison of the heaps comes from the cache; that starts four interpreters. */
const WHOLE_RUN_MS = 300_000;

const place = testFolder('vendor-from-url');
const repository = join(place, 'repository');
const cache = join(place, 'cache');
const served = new Map<string, Uint8Array>();
let official: ReadonlyMap<string, Uint8Array>;
let server: LoopbackServer;
let base = '';

/** Links to everything of a folder but some. */
async function linkAll(from: string, to: string, except: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) if (!except.includes(name)) await symlink(join(from, name), join(to, name));
}

/** Our own wheels as if they were the official ones of their names, and small ones for the science pack. */
async function officialWheels(): Promise<{ wheels: Map<string, Uint8Array>; lock: LockedPackages }> {
  const { wheels, lock } = await stubPack();
  const changed = { ...lock };
  const { built } = await readPackagePins();
  for (const { spec, locked } of pinned(
    (await readSpecs()).filter(({ from }) => from === 'built'),
    lock,
  )) {
    const bytes = new Uint8Array(await readFile(join(CACHE, 'wheels', wheelFor(spec.name, built)?.file ?? '')));
    wheels.set(locked.file_name, bytes);
    changed[locked.name] = { ...locked, sha256: sha256(bytes) };
  }
  return { wheels, lock: changed };
}

beforeAll(async () => {
  const { wheels, lock } = await officialWheels();
  official = wheels;
  for (const folder of ['tools', 'src']) await cp(join(ROOT, folder), join(repository, folder), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(repository, 'package.json'));
  await linkAll(join(ROOT, 'node_modules'), join(repository, 'node_modules'), ['pyodide']);
  const pyodide = join(repository, 'node_modules/pyodide');
  await cp(PYODIDE, pyodide, { recursive: true, dereference: true });
  const file = join(pyodide, 'pyodide-lock.json');
  const whole = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...whole, packages: lock }));
  // Without our own wheels: making them takes root and many minutes.
  await linkAll(CACHE, join(cache, 'vendor'), ['given', 'wheels']);
  server = await startLoopback(answerWith(served));
  base = `${server.origin}/wheels/`;
});
afterAll(() => server.close());
beforeEach(() => {
  served.clear();
  for (const [name, wheel] of official) served.set(name, wheel);
});

/** The command itself, as a person types it, in a copy of the repository. */
async function vendor(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(repository, 'tools/vendor.ts'), ...args], {
    env: { ...process.env, COMPANION_CACHE: cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((settle) => child.on('close', settle));
  const [code, said, complained] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, said, complained };
}

const entriesOf = (folder: string) => readdir(folder).catch(() => 'none');
const SCIPY = /^scipy-.*\.whl$/;
const scipy = () => [...official.keys()].find((name) => SCIPY.test(name)) ?? '';

describe('node tools/vendor.ts --from-url', () => {
  // First those that must leave everything as it was: nothing is there yet.
  test('ends with a sentence where a file has another hash, and changes nothing', async () => {
    served.set(scipy(), new Uint8Array([1, 2, 3]));
    const { code, said, complained } = await vendor('--from-url', base);
    expect(complained).toBe(
      `${scipy()} from ${base} is not the official file and was refused: its SHA-256 is ${sha256(new Uint8Array([1, 2, 3]))}, ` +
        `Pyodide's lock file says ${sha256(official.get(scipy()) ?? '')}. Nothing was changed. Put the file of Pyodide's ` +
        `release ${(await readPackagePins()).pyodide.version} there.\n`,
    );
    expect([code, said]).toEqual([1, '']);
    expect(await entriesOf(join(repository, 'public'))).toBe('none');
    expect(await entriesOf(join(cache, 'vendor/given'))).toBe('none');
  });

  test('ends with a sentence where a file of the pack is missing, and changes nothing', async () => {
    served.delete(scipy());
    const { code, said, complained } = await vendor('--from-url', base);
    expect(complained).toMatch(`${base} lacks ${scipy()} of the science pack. Nothing was changed.`);
    expect(complained).not.toContain('    at ');
    expect([code, said]).toEqual([1, '']);
    expect(await entriesOf(join(repository, 'public'))).toBe('none');
    expect(await entriesOf(join(cache, 'vendor/given'))).toBe('none');
  });

  test(
    'makes everything of a whole set, without our own wheels; a later run without the address finds it done',
    async () => {
      const { code, said, complained } = await vendor('--from-url', base);
      expect([code, complained]).toEqual([0, '']);
      for (const name of ['matplotlib', 'contourpy', 'pillow', 'kiwisolver', 'lxml', 'regex'])
        expect(said).toMatch(new RegExp(`^from-url: ${name}-\\S+\\.whl replaces our ${name}$`, 'm'));
      expect(said).toContain('from-url: with the science pack\n');
      expect(said).toContain('python: restored heaps equal a cold start');
      const made = join(repository, 'public/vendor/python');
      const manifest = JSON.parse(await readFile(join(made, MANIFEST), 'utf8')) as PythonManifest;
      expect(manifest.packages.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['matplotlib', 'scipy', 'lzma']),
      );
      expect(await entriesOf(join(made, 'packages'))).toContain('scipy.image.gz');
      expect(await entriesOf(join(cache, 'vendor/wheels'))).toEqual([]);
      served.clear();
      const later = await vendor();
      expect(later.code).toBe(0);
      expect(later.said).toContain('from-url: with the science pack\n');
      expect(later.said).toContain('python: up to date');
    },
    WHOLE_RUN_MS,
  );
});
