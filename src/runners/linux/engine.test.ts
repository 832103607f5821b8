import { expect, test } from 'vitest';
import { createLinuxSpec, ownMachine } from './engine.ts';

const SOURCE = {
  load: () => Promise.reject(new Error('nothing is read here')),
  bytes: () => Promise.reject(new Error('nothing is read here')),
  script: () => Promise.resolve(''),
};

const namesReadAnew = (files: readonly { readonly name: string; readonly loadBytes?: unknown }[]): string[] =>
  files.filter(({ loadBytes }) => loadBytes !== undefined).map(({ name }) => name);

test('what a machine starts with is read for each box anew, its disk and a tool pack once for all', () => {
  const start = ['bios.bin', 'vgabios.bin', 'manifest.json', 'v86.wasm'];
  expect(namesReadAnew(createLinuxSpec(SOURCE, true).files)).toEqual([...start, 'small.state.zst']);
  const full = createLinuxSpec(SOURCE, false, { key: 'pack', load: () => Promise.resolve(new Blob()) }).files;
  expect(namesReadAnew(full)).toEqual([...start, 'full.state.zst']);
  expect(full.map(({ name }) => name)).toEqual([...start, 'full.state.zst', 'full.pack', 'tools.pack']);
});

test('and nothing of a machine by spec is, whose disk comes with it', () => {
  const machine = { image: 'python-data', memoryMB: 256 } as Parameters<typeof ownMachine>[1];
  expect(namesReadAnew(ownMachine(SOURCE, machine, null).engine.files)).toEqual([]);
});
