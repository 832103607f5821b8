import { describe, expect, test } from 'vitest';
import loadWabt from 'wabt';
import type { EmscriptenModule } from './emscripten.ts';
import { checkRecord, readRecord, type ReplayRecord } from './replay-record.ts';
import { replaySideModules } from './replay.ts';

/** (module (import "env" "memory_base" …)) is not needed: exports one function `answer` that gives 42. */
const SIDE_MODULE = new WebAssembly.Module(
  new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 10, 1, 6, 97, 110, 115, 119, 101, 114, 0, 0, 10,
    6, 1, 4, 0, 65, 42, 11,
  ]),
);

function recordOf(changes: Partial<ReplayRecord> = {}): ReplayRecord {
  return {
    version: 1,
    buildId: 'build-a',
    baseTableLength: 4,
    tableLength: 6,
    libraries: [
      {
        name: '/lib/a.so',
        memoryBase: 1024,
        tableBase: 4,
        tableSize: 1,
        isGlobal: false,
        refcount: null,
        handles: [77],
      },
    ],
    slots: [{ kind: 'side', index: 5, library: 0, name: 'answer' }],
    got: { some_symbol: 2048 },
    freeTableIndexes: [3],
    ...changes,
  };
}

function mainOf(tableLength: number): EmscriptenModule {
  const table = new WebAssembly.Table({ initial: tableLength, element: 'anyfunc' });
  return {
    FS: {} as EmscriptenModule['FS'],
    HEAPU8: new Uint8Array(4096),
    wasmTable: table,
    wasmTableMirror: ['stale'],
    freeTableIndexes: [1, 2],
    LDSO: { loadedLibsByName: {}, loadedLibsByHandle: {} },
    GOT: {},
    setWasmTableEntry: (index, value) => {
      table.set(index, value);
    },
    mergeLibSymbols: () => undefined,
    resolveGlobalSymbol: () => ({}),
  };
}

describe('replay of side modules', () => {
  test('puts functions, globals and libraries back where they were recorded', () => {
    const main = mainOf(4);
    const done = replaySideModules(main, recordOf(), { buildId: 'build-a', moduleFor: () => SIDE_MODULE });
    expect(done).toEqual({ ok: true, value: { libraries: 1 } });
    expect(main.wasmTable.length).toBe(6);
    expect((main.wasmTable.get(5) as () => number)()).toBe(42);
    expect(main.GOT['some_symbol']?.value).toBe(2048);
    expect(main.LDSO.loadedLibsByHandle[77]).toBe(main.LDSO.loadedLibsByName['/lib/a.so']);
    expect(main.LDSO.loadedLibsByName['/lib/a.so']?.refcount).toBe(Number.POSITIVE_INFINITY);
    expect(main.freeTableIndexes).toEqual([3]);
    expect(main.wasmTableMirror).toEqual([]);
  });

  test('asks for each module once: it may be compiled for the asking', () => {
    let asked = 0;
    const moduleFor = (): WebAssembly.Module => {
      asked += 1;
      return SIDE_MODULE;
    };
    expect(replaySideModules(mainOf(4), recordOf(), { buildId: 'build-a', moduleFor }).ok).toBe(true);
    expect(asked).toBe(1);
  });

  test('refuses another build without touching the table', () => {
    const main = mainOf(4);
    const done = replaySideModules(main, recordOf(), { buildId: 'build-b', moduleFor: () => SIDE_MODULE });
    expect(done).toMatchObject({ ok: false, error: { code: 'python/heap-mismatch' } });
    expect(main.wasmTable.length).toBe(4);
  });

  test('refuses a table of another length', () => {
    const done = replaySideModules(mainOf(5), recordOf(), { buildId: 'build-a', moduleFor: () => SIDE_MODULE });
    expect(done).toMatchObject({
      ok: false,
      error: { code: 'python/heap-mismatch', detail: expect.stringContaining('table') as string },
    });
  });

  test('refuses when the file of a library is missing', () => {
    const done = replaySideModules(mainOf(4), recordOf(), { buildId: 'build-a', moduleFor: () => undefined });
    expect(done).toMatchObject({
      ok: false,
      error: { code: 'python/heap-mismatch', detail: 'no module for /lib/a.so' },
    });
  });

  test('says which slots stayed empty when a library lacks an export', () => {
    const record = recordOf({ slots: [{ kind: 'side', index: 5, library: 0, name: 'gone' }] });
    const done = replaySideModules(mainOf(4), record, { buildId: 'build-a', moduleFor: () => SIDE_MODULE });
    expect(done).toMatchObject({ ok: false, error: { detail: 'no function for table slots 5' } });
  });
});

describe('replay with stand-ins', () => {
  /** A library with two words of data; its one function gives the first. */
  const LIBRARY = `(module
    (import "env" "memory" (memory 1)) (import "env" "__memory_base" (global $base i32))
    (import "env" "table" (table 6 funcref)) (import "env" "__table_base" (global $slots i32))
    (func $first (result i32) global.get $base i32.load) (export "answer" (func $first))
    (elem (global.get $slots) $first) (data (global.get $base) "\\07\\00\\00\\00\\08\\00\\00\\00"))`;
  const STUBS = `(module (type (func (result i32)))
    (import "env" "load" (func (param i32))) (import "env" "table" (table 6 funcref))
    (func $s4 (type 0) i32.const 0 call 0 i32.const 4 call_indirect (type 0))
    (func $s5 (type 0) i32.const 0 call 0 i32.const 5 call_indirect (type 0))
    (elem (i32.const 4) $s4 $s5))`;

  async function lazyMain(isNeeded = false) {
    const wabt = await loadWabt();
    const compile = (text: string): WebAssembly.Module =>
      new WebAssembly.Module(Uint8Array.from(wabt.parseWat('test.wat', text).toBinary({}).buffer));
    const memory = new WebAssembly.Memory({ initial: 1 });
    const main = {
      ...mainOf(4),
      HEAPU8: new Uint8Array(memory.buffer),
      getDylinkMetadata: () => ({ memorySize: 8, tableSize: 2 }),
    };
    main.LDSO.loadedLibsByName['__main__'] = {
      refcount: 1,
      name: '__main__',
      global: true,
      exports: { memory: memory as never, table: main.wasmTable as never },
    };
    const asked: string[] = [];
    const library = compile(LIBRARY);
    const moduleFor = (path: string): WebAssembly.Module => {
      asked.push(path);
      return library;
    };
    const options = { buildId: 'build-a', moduleFor, stubs: compile(STUBS), isNeeded: () => isNeeded };
    const done = replaySideModules(main, recordOf(), options);
    const call = (slot: number): unknown => (main.wasmTable.get(slot) as () => number)();
    return { main, done, asked, call };
  }

  test('makes a library when its function is first called, and keeps what memory held by then', async () => {
    const { main, done, asked, call } = await lazyMain();
    expect(done).toEqual({ ok: true, value: { libraries: 1 } });
    expect(asked).toEqual([]);
    main.HEAPU8[1024] = 99;
    expect([call(4), call(4), call(5)]).toEqual([99, 99, 99]);
    expect(asked).toHaveLength(1);
    expect(main.HEAPU8[1028]).toBe(0);
  });

  test('makes a library when its exports are asked for', async () => {
    const { main, asked } = await lazyMain();
    expect(Object.keys(main.LDSO.loadedLibsByHandle[77]?.exports ?? {})).toEqual(['answer']);
    expect(asked).toHaveLength(1);
  });

  test('makes a library that every start needs at once', async () => {
    const { asked, call } = await lazyMain(true);
    expect(asked.length).toBeGreaterThan(0);
    expect(call(4)).toBe(0);
  });

  test('says what is missing each time a library without a file is called', async () => {
    const { main, call } = await lazyMain();
    const broken = mainOf(4);
    Object.assign(broken, { LDSO: main.LDSO });
    const wabt = await loadWabt();
    const stubs = new WebAssembly.Module(Uint8Array.from(wabt.parseWat('test.wat', STUBS).toBinary({}).buffer));
    replaySideModules(broken, recordOf(), { buildId: 'build-a', moduleFor: () => undefined, stubs });
    const fails = (): unknown => (broken.wasmTable.get(5) as () => number)();
    expect(fails).toThrow('no module for /lib/a.so');
    expect(fails).toThrow('no module for /lib/a.so');
    expect(call(5)).toBe(0);
  });
});

describe('replay record', () => {
  test('refuses what is no record', () => {
    for (const json of [null, 7, [], {}, { buildId: 'x' }]) expect(readRecord(json).ok).toBe(false);
    expect(readRecord(JSON.parse(JSON.stringify(recordOf()))).ok).toBe(true);
  });

  test('refuses another version of the format', () => {
    const newer = { ...recordOf(), version: 2 } as unknown as ReplayRecord;
    expect(checkRecord(newer, { buildId: 'build-a', tableLength: 4 }).ok).toBe(false);
  });
});
