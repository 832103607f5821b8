import { expect, it } from 'vitest';
import type { EngineModule } from '../contracts/box.ts';
import { compileAhead, makePart } from './delivery.ts';
import type { BoxFile } from './messages.ts';

/** The empty module. */
const MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const modules: readonly EngineModule[] = [{ name: 'm', file: 'a', slice: null }];
const fileOf = (bytes: Uint8Array<ArrayBuffer>): BoxFile => ({
  name: 'a',
  blob: new Blob([bytes]),
  asBlob: false,
  slice: null,
});
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
  const ahead = compileAhead({ op: 'compile', engine: 'e', files: [fileOf(MODULE)], modules });
  const compiled = await ahead.modules.get('m');
  expect(compiled).toBeInstanceOf(WebAssembly.Module);
  expect((await makePart(partOf('e'), ahead)).modules['m']).toBe(compiled);
  expect((await makePart(partOf('other'), ahead)).modules['m']).not.toBe(compiled);
  expect((await makePart(partOf('e'), null)).modules['m']).not.toBe(compiled);
});

it('tells of a module that cannot be compiled when it is wanted, not before', async () => {
  const ahead = compileAhead({ op: 'compile', engine: 'e', files: [fileOf(Uint8Array.of(1, 2, 3))], modules });
  await expect(makePart(partOf('e'), ahead)).rejects.toThrow(WebAssembly.CompileError);
});
