import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newQuickJSWASMModule } from 'quickjs-emscripten';
import type { Page } from 'puppeteer-core';
import { EXTENSIONS, GuestVm } from '../../src/runners/javascript/worker/guest-vm.ts';
import { bundleScript } from '../../tests/support/bundle-script.ts';
import type { JavaScriptPage } from '../../tests/support/javascript/browser-host.ts';
import { type BenchGroup, benchRow } from '../bench-row.ts';
import { repeat, startBrowser } from '../support/extension-browser.ts';

declare const javascript: JavaScriptPage;

const ROOT = join(import.meta.dirname, '../..');
const SUPPORT = join(ROOT, 'tests/support/javascript');
const TYPED = 'const typed: number[] = [1, 2]; function sum(all: number[]): number { return all.length } sum(typed)';
const PLAIN = TYPED.replaceAll(/: number(?:\[\])?/gu, '');

/** JavaScript and TypeScript in boxes of the built extension, without the host around them. */
export const javascriptRows: BenchGroup = async function* () {
  await using started = await startBrowser('chromium');
  const page = await started.popupPage();
  await page.evaluate(await bundleScript(join(import.meta.dirname, 'javascript-script.ts')));
  await page.evaluate(() => javascript.fresh('console.log(1)'));

  yield benchRow({
    name: 'JavaScript, fresh worker to first line',
    unit: 'ms',
    samples: await repeat(10, () => rested(page, () => page.evaluate(() => javascript.fresh('console.log(1)')))),
    budget: { median: 30 },
  });
  const killed = await repeat(10, () =>
    page.evaluate(async () => {
      const id = await javascript.open();
      const endless = javascript.run(id, 'console.log(1); for (;;) {}');
      // What is kept ahead of need stands again, as it does by the time that a person stops a program.
      await new Promise((resolve) => setTimeout(resolve, 300));
      javascript.dispose(id);
      const ms = await javascript.fresh('console.log(2)');
      await endless;
      return ms;
    }),
  );
  yield benchRow({ name: 'JavaScript, next worker after a kill', unit: 'ms', samples: killed, budget: { median: 40 } });

  const warm = await page.evaluate(
    async (typed, plain) => {
      const id = await javascript.open();
      const many = async (count: number, code: string, language: 'javascript' | 'typescript'): Promise<number[]> => {
        const samples: number[] = [];
        for (let at = 0; at < count; at += 1) samples.push((await javascript.run(id, code, { language })).endedMs);
        return samples;
      };
      await many(5, '1+1', 'javascript');
      await many(2, typed, 'typescript');
      const seen = {
        one: await many(100, '1+1', 'javascript'),
        plain: await many(30, plain, 'javascript'),
        typed: await many(30, typed, 'typescript'),
      };
      javascript.dispose(id);
      return seen;
    },
    TYPED,
    PLAIN,
  );
  yield benchRow({ name: 'JavaScript, warm 1+1', unit: 'ms', samples: warm.one, budget: { median: 5 } });
  const typed = [...warm.typed].sort((a, b) => a - b);
  const plain = [...warm.plain].sort((a, b) => a - b);
  yield benchRow({
    name: 'TypeScript adds, stripper loaded',
    unit: 'ms',
    samples: typed.map((ms, at) => ms - (plain[at] ?? 0)),
    budget: { median: 15 },
  });

  const stops = await repeat(20, () =>
    page.evaluate(async () => {
      const id = await javascript.open();
      const { stopMs } = await javascript.run(id, 'console.log(1); for (;;) {}', { isStopped: true });
      javascript.dispose(id);
      return stopMs ?? Number.NaN;
    }),
  );
  yield benchRow({ name: 'JavaScript, Stop in a busy loop', unit: 'ms', samples: stops, budget: { p95: 100 } });
  yield await engineRow();
};

/** Starts come from people, not in a row. */
async function rested<T>(page: Page, once: () => Promise<T>): Promise<T> {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  return once();
}

/** The engines alone, in this process: from the bytes of the module to the first value. */
async function engineRow() {
  const names = ['quickjs', ...EXTENSIONS].map((name) => `${name}.wasm`);
  const bytes = await Promise.all(
    names.map(async (name) => new Uint8Array(await readFile(join(ROOT, 'public/vendor/javascript', name)))),
  );
  const guestText = await bundleScript(join(SUPPORT, 'guest-entry.ts'));
  const hostCalls = (): Record<string, () => undefined> =>
    Object.fromEntries(['now', 'write', 'isProxy', 'intl'].map((name) => [name, () => undefined]));
  const ours = async (): Promise<number> => {
    const began = performance.now();
    const modules = new Map(names.map((name, at) => [name, new WebAssembly.Module(bytes[at] ?? new Uint8Array())]));
    const normalize = (_base: string, specifier: string): string => specifier;
    const options = {
      modules,
      guestText,
      memoryMB: 64,
      shouldStop: () => false,
      normalize,
      load: () => '',
      nowMs: () => 0,
    };
    const vm = await GuestVm.create(options, hostCalls);
    vm.runScript('1+1', 'main.js', false).dispose();
    vm.runJobs();
    return performance.now() - began;
  };
  const peer = async (): Promise<number> => {
    const began = performance.now();
    const context = (await newQuickJSWASMModule()).newContext();
    context.unwrapResult(context.evalCode('1+1')).dispose();
    const ms = performance.now() - began;
    context.dispose();
    return ms;
  };
  await ours();
  await peer();
  return benchRow({
    name: 'JavaScript engine with its guest, from bytes to 1+1, in Node',
    unit: 'ms',
    samples: await repeat(10, ours),
    peer: { name: 'quickjs-emscripten without console, files or modules', samples: await repeat(10, peer) },
  });
}
