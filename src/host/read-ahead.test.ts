import { afterEach, expect, test, vi } from 'vitest';
import { packagedSource } from '../runners/kit/index.ts';
import { createEngineSpec } from '../runners/python/index.ts';
import { beginReadingAhead, letGoReadAhead, readAhead } from './read-ahead.ts';

afterEach(() => void vi.unstubAllGlobals());

/** Begins in a document with this address; the paths that it asked for, in order. */
async function asked(settings: string | null, deviceMemory?: number): Promise<readonly string[]> {
  const paths: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    paths.push(path);
    return new Response(path);
  });
  const search = settings === null ? '' : `?${new URLSearchParams({ settings }).toString()}`;
  const window: Parameters<typeof beginReadingAhead>[0] = { location: { search }, navigator: { deviceMemory } };
  beginReadingAhead(window);
  vi.stubGlobal('companionReadAhead', window.companionReadAhead);
  if (window.companionReadAhead)
    await vi.waitFor(() => expect(paths.some((path) => path.includes('.heap.'))).toBe(true));
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

test('nothing is read while the product is off, or where nothing starts ahead of need', async () => {
  expect(await asked(JSON.stringify({ isOn: false }))).toEqual([]);
  expect(await asked(JSON.stringify({ isOn: true }), 2)).toEqual([]);
});
