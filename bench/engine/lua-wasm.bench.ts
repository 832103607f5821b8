import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import type { Language } from '../../src/contracts/run.ts';
import { bundleScript } from '../../tests/support/bundle-script.ts';
import { wasmPrograms } from '../../tests/support/contract/programs/wasm.ts';
import { type BenchGroup, benchRow } from '../bench-row.ts';
import { type BrowserName, repeat, startBrowser } from '../support/extension-browser.ts';
import type { benchRunners } from './runners-script.ts';

interface InPage {
  readonly benchRunners: typeof benchRunners;
}

const STARTS = 9;
const STOPS = 10;
const WARM = 30;
/** `fd_write` of `hi\n` and nothing else, in base64: what WASI itself costs, without the assembler. */
const HI =
  'AGFzbQEAAAABDAJgBH9/f38Bf2AAAAIjARZ3YXNpX3NuYXBzaG90X3ByZXZpZXcxCGZkX3dyaXRlAAADAgEBBQMBAAEHEwIGbWVtb3J5AgAGX3N0YXJ0AAEKDwENAEEBQQBBAUEMEAAaCwsRAQBBAAsLCAAAAAMAAABoaQo=';
const ADD =
  ';; run: add 2 3\n(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))';

const fresh = (page: Page, language: Language, code: string): Promise<number[]> =>
  repeat(STARTS, async () => {
    await page.evaluate(() => (globalThis as unknown as InPage).benchRunners.rest());
    return page.evaluate((a, b) => (globalThis as unknown as InPage).benchRunners.fresh(a, b), language, code);
  });
const warm = (page: Page, language: Language, code: string): Promise<number[]> =>
  page.evaluate((a, b, n) => (globalThis as unknown as InPage).benchRunners.warm(a, b, n), language, code, WARM);

/** Lua and WebAssembly: starts, Stop, the next worker after a kill, a cached module. */
async function* rowsIn(browser: BrowserName) {
  await using started = await startBrowser(browser);
  const page = await started.popupPage();
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'runners-script.ts')));
  const label = browser === 'firefox' ? ' (Firefox)' : '';
  const row = (name: string, samples: readonly number[], budget: { median?: number; p95?: number }) =>
    benchRow({ name: `${name}${label}`, unit: 'ms', samples, budget });

  yield row('Lua, fresh worker to first line', (await fresh(page, 'lua', 'print(1)')).slice(1), { median: 40 });
  yield row('Lua, 1 + 1 in a warm worker', await warm(page, 'lua', '1 + 1'), { median: 5 });
  yield row('WASI, fresh worker to first line', (await fresh(page, 'wasm', HI)).slice(1), { median: 20 });
  yield row('WASM, add from a cached module', await warm(page, 'wasm', ADD), { median: 5 });
  yield row('WASM, add from text in a fresh worker', (await fresh(page, 'wasm', ADD)).slice(1), {});
  for (const [name, language, endless, next] of [
    ['Lua', 'lua', 'print("go")\nwhile true do end', 'print(1)'],
    ['WASM', 'wasm', wasmPrograms.endless, HI],
  ] as const) {
    const stops = await repeat(STOPS, async () => {
      await page.evaluate(() => (globalThis as unknown as InPage).benchRunners.rest());
      return page.evaluate(
        (a, b, c) => (globalThis as unknown as InPage).benchRunners.stopped(a, b, c),
        language,
        endless,
        next,
      );
    });
    yield row(
      `${name}, Stop of an endless loop`,
      stops.map(({ stopMs }) => stopMs),
      { p95: 100 },
    );
    yield row(
      `${name}, next worker's first line after a kill`,
      stops.map(({ nextMs }) => nextMs),
      { median: 40 },
    );
  }
}

export const luaWasmRows: BenchGroup = async function* () {
  yield* rowsIn('chromium');
  yield* rowsIn('firefox');
};
