import { afterEach, expect, test, vi } from 'vitest';
import { packagedSource } from '../runners/kit/index.ts';
import { createLinuxSpec } from '../runners/linux/index.ts';
import { createEngineSpec } from '../runners/python/index.ts';
import { beginReadingAhead, letGoReadAhead, readAhead } from './read-ahead.ts';

afterEach(() => void vi.unstubAllGlobals());

/** Begins in a document with this address; the paths that it asked for, in order. */
async function asked(
  settings: string | null,
  deviceMemory?: number,
  { first, last = '.heap.' }: { readonly first?: string; readonly last?: string } = {},
): Promise<readonly string[]> {
  const paths: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    paths.push(path);
    return new Response(path);
  });
  const search =
    settings === null ? '' : `?${new URLSearchParams({ settings, ...(first !== undefined && { first }) }).toString()}`;
  const window: Parameters<typeof beginReadingAhead>[0] = {
    location: { search },
    navigator: { deviceMemory, userAgent: '' },
  };
  beginReadingAhead(window);
  vi.stubGlobal('companionReadAhead', window.companionReadAhead);
  if (window.companionReadAhead) await vi.waitFor(() => expect(paths.some((path) => path.includes(last))).toBe(true));
  return paths;
}

test('what starts Python is asked for before what is big', async () => {
  const paths = await asked(JSON.stringify({ isOn: true, pythonStart: 'auto' }));
  const wasm = paths.indexOf('/vendor/python/pyodide.asm.wasm');
  expect(wasm).toBeGreaterThanOrEqual(0);
  expect(paths.indexOf('/vendor/python/science.heap.0')).toBeGreaterThan(wasm);
  const given = readAhead('vendor/python/pyodide.asm.wasm');
  expect(await (await given)?.text()).toBe('/vendor/python/pyodide.asm.wasm');
  expect(readAhead('vendor/lua/lua.wasm')).toBeUndefined();
});

test('a start reads no file that was read ahead, though it asks for some twice, until they are let go', async () => {
  const paths = await asked(JSON.stringify({ isOn: true, pythonStart: 'science' }));
  const engine = createEngineSpec(packagedSource('/', 'python', readAhead), 'science');
  const start = async () => {
    await Promise.all(engine.files.map((file) => file.load()));
    await engine.modules().catch(() => undefined); // asks for its files, which hold no JSON here
  };
  await start();
  const again = paths.filter((path, at) => paths.indexOf(path) !== at);
  expect(again).toEqual([]);
  letGoReadAhead();
  expect(readAhead('vendor/python/pyodide.asm.wasm')).toBeUndefined();
  await start();
  expect(paths.filter((path) => path.endsWith('/science.heap.3'))).toHaveLength(2);
});

test('the start is the one that the host will choose', async () => {
  const base = (paths: readonly string[]) =>
    paths.filter((path) => path.includes('.heap.')).every((path) => path.includes('base.heap.'));
  expect(base(await asked(JSON.stringify({ isOn: true, pythonStart: 'base' })))).toBe(true);
  expect(base(await asked(JSON.stringify({ isOn: true, pythonStart: 'auto' }), 4))).toBe(true);
  expect(base(await asked('no settings'))).toBe(false);
});

test('of Linux, where the host is started for a shell, the image that will be chosen; its disk last', async () => {
  const settings = (pythonStart: string) => JSON.stringify({ isOn: true, pythonStart });
  const full = await asked(settings('auto'), undefined, { first: 'shell', last: 'full.pack' });
  expect(full[0]).toBe('/linux-worker.js');
  expect(full.at(-1)).toBe('/vendor/linux/full.pack');
  expect(full).toEqual(expect.arrayContaining(['/vendor/linux/v86.wasm', '/vendor/linux/full.state.zst']));
  expect(full.filter((path) => path.includes('python'))).toEqual([]);
  const small = await asked(settings('base'), undefined, { first: 'shell', last: 'small.state' });
  expect(small.filter((path) => path.includes('full'))).toEqual([]);
  const engine = createLinuxSpec(packagedSource('/', 'linux', readAhead), true);
  const before = small.length;
  await Promise.all([engine.script(), ...engine.files.map((file) => file.load())]);
  expect(small).toHaveLength(before);
});

test('nothing is read while the product is off, or where nothing starts ahead of need', async () => {
  expect(await asked(JSON.stringify({ isOn: false }))).toEqual([]);
  expect(await asked(JSON.stringify({ isOn: true }), 2)).toEqual([]);
});
