import { expect, it, onTestFinished, vi } from 'vitest';
import type { EngineModule } from '../contracts/box.ts';
import { BoxBytes } from './box-bytes.ts';
import { compileAhead, makePart } from './delivery.ts';
import type { BoxFile } from './messages.ts';

/** The empty module. */
const MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const modules: readonly EngineModule[] = [{ name: 'm', file: 'a', slice: null }];
const fileOf = (bytes: Uint8Array<ArrayBuffer>): BoxFile => ({
  name: 'a',
  content: new Blob([bytes]),
  asBlob: false,
  slice: null,
});
const { of: bytesOf } = new BoxBytes();
const partOf = (engine: string) => ({
  op: 'part' as const,
  engine,
  stage: 2 as const,
  files: [fileOf(MODULE)],
  modules,
  opensPosts: true,
  isLast: true,
});

it('takes the modules that were compiled ahead for this engine, and for no other', async () => {
  const { ahead } = compileAhead({ engine: 'e', files: [fileOf(MODULE)], modules }, bytesOf);
  const compiled = await ahead.modules.get('m');
  expect(compiled).toBeInstanceOf(WebAssembly.Module);
  expect((await makePart(partOf('e'), ahead, bytesOf)).modules['m']).toBe(compiled);
  expect((await makePart(partOf('other'), ahead, bytesOf)).modules['m']).not.toBe(compiled);
  expect((await makePart(partOf('e'), null, bytesOf)).modules['m']).not.toBe(compiled);
});

it('tells of a module that cannot be compiled when it is wanted, not before', async () => {
  const { ahead } = compileAhead({ engine: 'e', files: [fileOf(Uint8Array.of(1, 2, 3))], modules }, bytesOf);
  await expect(makePart(partOf('e'), ahead, bytesOf)).rejects.toThrow(WebAssembly.CompileError);
});

it('takes carried bytes where a part names them, whichever comes first, and makes blobs of those that go as blobs', async () => {
  const bytes = new BoxBytes();
  const carried = (text: string) => new TextEncoder().encode(text).buffer;
  const file = (name: string, content: number, asBlob: boolean): BoxFile => ({ name, content, asBlob, slice: null });
  bytes.add({ number: 1, bytes: carried('before') });
  const files = [file('one', 1, false), file('two', 2, false), file('big', 3, true)];
  const made = makePart({ ...partOf('e'), files, modules: [] }, null, bytes.of);
  bytes.add({ number: 3, bytes: carried('blob') });
  bytes.add({ number: 2, bytes: carried('after') });
  const { files: ready, blobs } = await made;
  expect(Object.entries(ready).map(([name, raw]) => `${name} ${new TextDecoder().decode(raw)}`)).toEqual([
    'one before',
    'two after',
  ]);
  expect(await blobs['big']?.text()).toBe('blob');
});

it('compiles while the bytes of a blob are still to come', async () => {
  const bytes = new BoxBytes();
  const compile = vi.spyOn(WebAssembly, 'compile');
  onTestFinished(() => compile.mockRestore());
  const late: BoxFile = { name: 'big', content: 1, asBlob: true, slice: null };
  const made = makePart({ ...partOf('e'), files: [fileOf(MODULE), late] }, null, bytes.of);
  await vi.waitFor(() => expect(compile).toHaveBeenCalledOnce());
  await compile.mock.results[0]?.value;
  bytes.add({ number: 1, bytes: new ArrayBuffer(1) });
  expect((await made).modules['m']).toBeInstanceOf(WebAssembly.Module);
});
