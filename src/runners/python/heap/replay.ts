import { fail, ok, type Result } from '../../../base/index.ts';
import { appError, type AppError } from '../../../contracts/errors.ts';
import type { CallableExport, EmscriptenModule, SideExport } from './emscripten.ts';
import { checkRecord, type RecordedLibrary, type ReplayRecord } from './replay-record.ts';

/**
 * Puts the side modules of a saved heap back where they were. Call it after the main module exists and before Pyodide
 * copies the heap in: instantiating writes each module's data segments, which the heap then overwrites with their state
 * at saving; relocations and constructors have run in the saved heap and must not run again.
 *
 * `moduleFor` gets the path of a library and gives its compiled module. `python/heap-mismatch` when the record does not
 * fit; the interpreter is then unusable and the caller starts another one without the heap.
 */
export function replaySideModules(
  main: EmscriptenModule,
  record: ReplayRecord,
  options: { readonly buildId: string; readonly moduleFor: (path: string) => WebAssembly.Module | undefined },
): Result<{ readonly libraries: number }, AppError> {
  const fits = checkRecord(record, { buildId: options.buildId, tableLength: main.wasmTable.length });
  if (!fits.ok) return fits;
  const missingFile = record.libraries.find((library) => options.moduleFor(library.name) === undefined);
  if (missingFile) return fail(appError('python/heap-mismatch', `no module for ${missingFile.name}`));

  main.wasmTable.grow(record.tableLength - record.baseTableLength);
  for (const [name, value] of Object.entries(record.got)) globalFor(main, name).value = value;
  const instances = record.libraries.map((library) =>
    // The check above proved that every library has its module.
    instantiateLibrary(main, library, options.moduleFor(library.name) as WebAssembly.Module),
  );
  const unfilled = fillSlots(main, record, instances);
  if (unfilled.length > 0) {
    return fail(appError('python/heap-mismatch', `no function for table slots ${unfilled.slice(0, 5).join(', ')}`));
  }
  // Both are caches over the table that were filled before it grew.
  main.wasmTableMirror.length = 0;
  main.freeTableIndexes.length = 0;
  main.freeTableIndexes.push(...record.freeTableIndexes);
  main.updateTableMap?.(0, main.wasmTable.length);
  return ok({ libraries: instances.length });
}

function globalFor(main: EmscriptenModule, name: string): WebAssembly.Global {
  return (main.GOT[name] ??= new WebAssembly.Global({ value: 'i32', mutable: true }));
}

function mainExports(main: EmscriptenModule): Record<string, SideExport> {
  return main.LDSO.loadedLibsByName['__main__']?.exports ?? {};
}

function instantiateLibrary(
  main: EmscriptenModule,
  library: RecordedLibrary,
  module: WebAssembly.Module,
): WebAssembly.Instance {
  const own: Record<string, SideExport> = {};
  const env = importsOf(main, library, own);
  const got = new Proxy({}, { get: (_target, name) => globalFor(main, String(name)) });
  const instance = new WebAssembly.Instance(module, {
    'GOT.mem': got,
    'GOT.func': got,
    env,
    wasi_snapshot_preview1: env,
  });
  for (const [name, value] of Object.entries(instance.exports)) {
    // Exported data addresses are relative to the module's memory.
    own[name] =
      value instanceof WebAssembly.Global ? Number(value.value) + library.memoryBase : (value as CallableExport);
  }
  const linked = {
    refcount: library.refcount ?? Number.POSITIVE_INFINITY,
    name: library.name,
    exports: own,
    global: library.isGlobal,
  };
  main.LDSO.loadedLibsByName[library.name] = linked;
  for (const handle of library.handles) main.LDSO.loadedLibsByHandle[handle] = linked;
  if (library.isGlobal) main.mergeLibSymbols(own, library.name);
  return instance;
}

/** Imports of a side module, resolved as Emscripten's linker does: the main module first, others late by a stub. */
function importsOf(
  main: EmscriptenModule,
  library: RecordedLibrary,
  own: Record<string, SideExport>,
): WebAssembly.ModuleImports {
  const exported = mainExports(main);
  const stubs = new Map<string, CallableExport>();
  const find = (name: string): WebAssembly.ImportValue => {
    if (name === '__memory_base') return library.memoryBase;
    if (name === '__table_base') return library.tableBase;
    const direct = exported[name];
    if (direct !== undefined && !(typeof direct === 'function' && direct.stub)) return direct;
    const known = stubs.get(name);
    if (known) return known;
    const stub: CallableExport = (...args) => {
      const target = main.resolveGlobalSymbol(name).sym ?? own[name];
      return (target as CallableExport)(...args);
    };
    stubs.set(name, stub);
    return stub;
  };
  return new Proxy<WebAssembly.ModuleImports>({}, { get: (_target, name) => find(String(name)) });
}

/** Fills slots that were added by `addFunction` or by lazily bound symbols; gives the indexes that stayed empty. */
function fillSlots(main: EmscriptenModule, record: ReplayRecord, instances: readonly WebAssembly.Instance[]): number[] {
  const exported = mainExports(main);
  const unfilled: number[] = [];
  for (const slot of record.slots) {
    const value =
      slot.kind === 'side'
        ? instances[slot.library]?.exports[slot.name]
        : (main.wasmExports?.[slot.name] ?? exported[slot.name]);
    if (typeof value === 'function') main.setWasmTableEntry(slot.index, value as CallableExport);
    else if (main.wasmTable.get(slot.index) === null) unfilled.push(slot.index);
  }
  return unfilled;
}
