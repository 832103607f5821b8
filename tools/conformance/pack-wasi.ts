import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writePack } from './pack.ts';
import type { WasiTest } from './wasi-tests.ts';

/**
 * Makes tests/fixtures/wasi/testsuite.br from a checkout of WebAssembly/wasi-testsuite, branch prod/testsuite-base:
 * `node tools/conformance/pack-wasi.ts CHECKOUT COMMIT`. Names and debug information are left out; the programs stay as they are.
 */
const [checkout = '', commit = ''] = process.argv.slice(2);
const SUITES = ['assemblyscript', 'c', 'rust'] as const;

function filesBelow(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const whole = join(folder, path);
    if (statSync(whole).isFile()) found[relative(folder, whole)] = readFileSync(whole, 'utf8');
  }
  return found;
}

function readTests(suite: (typeof SUITES)[number]): WasiTest[] {
  const folder = join(checkout, `tests/${suite}/testsuite/wasm32-wasip1`);
  const names = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  return names.sort().map((name) => {
    const stem = name.replace(/\.wasm$/u, '');
    const specPath = join(folder, `${stem}.json`);
    const spec = readdirSync(folder).includes(`${stem}.json`)
      ? (JSON.parse(readFileSync(specPath, 'utf8')) as {
          root?: string;
          args?: string[];
          env?: Record<string, string>;
          exit_code?: number;
          stdout?: string;
        })
      : {};
    return {
      name: `${suite}/${stem}`,
      wasm: withoutCustomSections(readFileSync(join(folder, name))).toString('latin1'),
      args: spec.args ?? [],
      env: spec.env ?? {},
      exitCode: spec.exit_code ?? 0,
      stdout: spec.stdout ?? null,
      files: spec.root === undefined ? null : filesBelow(join(folder, spec.root)),
    };
  });
}

function withoutCustomSections(bytes: Buffer): Buffer {
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const from = at;
    const id = bytes[at];
    at += 1;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at] ?? 0;
      at += 1;
      length |= (byte & 127) << shift;
      if ((byte & 128) === 0) break;
    }
    at += length;
    if (id !== 0) kept.push(bytes.subarray(from, at));
  }
  return Buffer.concat(kept);
}

const tests = SUITES.flatMap(readTests);
process.stdout.write(`${tests.length} tests, ${writePack('wasi/testsuite.br', { commit, tests })} bytes\n`);
