import { beforeEach, expect, test } from 'vitest';
import { createStripTypes, type StripTypes } from './strip-types.ts';

/** Stands for swc, which tests/node runs as it is: here it is counted how often it is asked. */
const GLUE = `globalThis.companionSwc = () => ({
  transformSync(code, { filename }) {
    globalThis.stripped.push(filename);
    return { code: code.replace(/: number/g, '') };
  },
});`;
const MODULE = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));

const scope = globalThis as unknown as { stripped: string[] };
let strip: StripTypes;
beforeEach(() => {
  scope.stripped = [];
  strip = createStripTypes(GLUE, MODULE);
});

test('the same program of the same file is stripped once', () => {
  const first = strip('let a: number = 1', 'a.ts');
  expect(first).toMatchObject({ ok: true, code: 'let a = 1' });
  expect(strip('let a: number = 1', 'a.ts')).toBe(first);
  expect(scope.stripped).toEqual(['a.ts']);
});

test('another program, or another file, is stripped anew', () => {
  strip('let a: number = 1', 'a.ts');
  expect(strip('let a: number = 2', 'a.ts')).toMatchObject({ code: 'let a = 2' });
  strip('let a: number = 1', 'b.ts');
  expect(scope.stripped).toEqual(['a.ts', 'a.ts', 'b.ts']);
});

test('what was used long ago, and what is large, is not kept', () => {
  strip('let a: number = 0', 'a.ts');
  for (let at = 1; at <= 200; at += 1) strip(`let a: number = ${at}`, 'a.ts');
  strip('let a: number = 0', 'a.ts');
  expect(scope.stripped).toHaveLength(202);
  const large = `let a: number = 1${' '.repeat(64 * 1024)}`;
  strip(large, 'a.ts');
  strip(large, 'a.ts');
  expect(scope.stripped).toHaveLength(204);
});

test('another worker knows nothing of it', () => {
  strip('let a: number = 1', 'a.ts');
  createStripTypes(GLUE, MODULE)('let a: number = 1', 'a.ts');
  expect(scope.stripped).toHaveLength(2);
});
