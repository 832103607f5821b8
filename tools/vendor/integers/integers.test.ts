import { expect, test } from 'vitest';
import { NUMPY_MODULE, withWideIntegers } from './numpy-module.ts';
import { withDefaultIntegers, withNarrowIndices } from './index.ts';
import { editModule, readUnsigned, signed, unsigned } from './wasm-edit.ts';

const text = (contents: Uint8Array | undefined): string => new TextDecoder().decode(contents);
const bytes = (contents: string): Uint8Array => new TextEncoder().encode(contents);

/** `(module (func (export "f") (result i32) (i32.const 7)) (table 1 funcref) (elem (global.get 0) 0))`, its base imported. */
const MODULE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7f],
  ...[2, 10, 1, 3, 0x65, 0x6e, 0x76, 1, 0x62, 3, 0x7f, 0],
  ...[3, 2, 1, 0],
  ...[4, 4, 1, 0x70, 0, 1],
  ...[7, 9, 2, 1, 0x66, 0, 0, 1, 0x74, 1, 0],
  ...[9, 7, 1, 0, 0x23, 0, 0x0b, 1, 0],
  ...[10, 6, 1, 4, 0, 0x41, 7, 0x0b],
]);
const CONSTANT = MODULE.length - 3;

test('a module gets other instructions, more functions and another table', () => {
  const edited = editModule(MODULE, {
    sites: [{ at: CONSTANT, was: [0x41, 7], becomes: [0x41, ...signed(70_000)], why: 'longer' }],
    added: [{ type: 0, body: [0, 0x41, ...signed(-3), 0x0b] }],
    table: new Map([[0, 1]]),
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(edited)), { env: { b: 0 } });
  const { f, t } = instance.exports as unknown as { f: () => number; t: WebAssembly.Table };
  expect(f()).toBe(70_000);
  expect((t.get(0) as () => number)()).toBe(-3);
});

test('a module with other bytes than a site expects is refused', () => {
  const sites = [{ at: CONSTANT, was: [0x41, 9], becomes: [0x41, 1], why: 'a reason' }];
  expect(() => editModule(MODULE, { sites, added: [], table: new Map() })).toThrow('a reason');
});

test.each([0, 1, 63, 64, 127, 128, 1281, 67_110_145, -1, -64, -65])('%d is written as WebAssembly has it', (value) => {
  const read = signed(value).reduce((sum, byte, at) => sum | ((byte & 0x7f) << (7 * at)), 0);
  const bits = 7 * signed(value).length;
  expect(bits < 32 ? (read << (32 - bits)) >> (32 - bits) : read).toBe(value);
  if (value >= 0) expect(readUnsigned(Uint8Array.from(unsigned(value)), 0).value).toBe(value);
});

test('another build of numpy is not edited', async () => {
  expect(() => withWideIntegers(MODULE)).toThrow('another build');
  const numpy = { spec: { name: 'numpy' }, tree: new Map([[NUMPY_MODULE, MODULE]]) };
  await expect(withDefaultIntegers([numpy as never])).rejects.toThrow('no numpy/_core/_internal.py');
});

test('Python beside compiled code takes indices of 32 bits', () => {
  const source = 'import numpy as np\na = x.argsort(kind=f(1)) + y.nonzero()[0]\n';
  const narrow = withNarrowIndices(
    new Map([
      ['p/a.py', bytes(source)],
      ['p/b.py', bytes('x.argsort()\n')],
    ]),
  );
  expect(text(narrow.get('p/a.py'))).toBe(
    'import numpy._c_integers as np\n' +
      'a = x.argsort(kind=f(1)).astype(np.intp, copy=False) + y.nonzero()[0].astype(np.intp, copy=False)\n',
  );
  expect(text(narrow.get('p/b.py'))).toBe('x.argsort()\n');
});
