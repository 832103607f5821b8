import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WasiTest } from './wasi-tests.ts';

const TIME_MS = 20_000;
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads');
const { WASI } = require('node:wasi');
const { test, root } = workerData;
const wasi = new WASI({ version: 'preview1', args: ['main.wasm', ...test.args], env: test.env, returnOnExit: true, ...(root ? { preopens: { '/': root } } : {}) });
WebAssembly.instantiate(Buffer.from(test.wasm, 'latin1'), wasi.getImportObject())
  .then(({ instance }) => parentPort.postMessage(wasi.start(instance)))
  .catch((error) => parentPort.postMessage(String(error)));
`;

/** The same test in Node's own WASI, over a folder of its own: what ours is measured against. True where it passes. */
export async function passesInNode(test: WasiTest): Promise<boolean> {
  const root = test.files ? mkdtempSync(join(tmpdir(), 'wasi-')) : null;
  for (const [path, text] of Object.entries(test.files ?? {})) {
    mkdirSync(dirname(join(root ?? '', path)), { recursive: true });
    writeFileSync(join(root ?? '', path), text);
  }
  const worker = new Worker(SCRIPT, { eval: true, workerData: { test, root }, stdout: true, stderr: true });
  const late = setTimeout(() => void worker.terminate(), TIME_MS);
  try {
    const code = await new Promise<unknown>((settle) => {
      worker.on('message', settle);
      worker.on('error', () => settle(null));
      worker.on('exit', () => settle(null));
    });
    return code === test.exitCode;
  } finally {
    clearTimeout(late);
    await worker.terminate();
    if (root) rmSync(root, { recursive: true, force: true });
  }
}
