import { fail, ok, type Result } from '../../../base/index.ts';
import { appError, type AppError } from '../../../contracts/errors.ts';
import type { CallableExport, EmscriptenModule, LinkedLibrary, SideExport } from './emscripten.ts';
import { checkRecord, type RecordedLibrary, type ReplayRecord } from './replay-record.ts';

export interface ReplayOptions {
  readonly buildId: string;
  /** Gives the compiled module of a library, by its path; asked once, when the library is first used. */
  readonly moduleFor: (path: string) => WebAssembly.Module | undefined;
  /** Stand-ins for the functions of all libraries, made with the record; without them every library is put back at once. */
  readonly stubs?: WebAssembly.Module | undefined;
  /** Libraries that every start uses, by path: put back at once in any case. */
  readonly isNeeded?: (path: string) => boolean;
}

/**
 * Puts the side modules of a saved heap back where they were. Call it after the main module exists and before Pyodide
 * copies the heap in; relocations and constructors have run in the saved heap and must not run again.
 *
 * With `stubs`, a library is made when one of its functions is first called or its exports are asked for. Making it writes
 * its data segments, which would undo what the program did to them: its memory is put back afterwards.
 *
 * `python/heap-mismatch` when the record does not fit; the interpreter is then unusable and the caller starts another one
 * without the heap. A library that cannot be made later throws where it is used.
 */
export function replaySideModules(
  main: EmscriptenModule,
  record: ReplayRecord,
  options: ReplayOptions,
): Result<{ readonly libraries: number }, AppError> {
  const fits = checkRecord(record, { buildId: options.buildId, tableLength: main.wasmTable.length });
  if (!fits.ok) return fits;
  const { stubs, isNeeded } = options;
  const atOnce = record.libraries.filter(({ name, isGlobal }) => !stubs || isGlobal || isNeeded?.(name));
  const ready = new Map(atOnce.map(({ name }) => [name, options.moduleFor(name)] as const));
  const missingFile = atOnce.find(({ name }) => ready.get(name) === undefined);
  if (missingFile) return fail(appError('python/heap-mismatch', `no module for ${missingFile.name}`));

  main.wasmTable.grow(record.tableLength - record.baseTableLength);
  for (const [name, value] of Object.entries(record.got)) globalFor(main, name).value = value;
  const moduleFor = (path: string): WebAssembly.Module | undefined => ready.get(path) ?? options.moduleFor(path);
  const libraries = record.libraries.map((_library, number) => new ReplayedLibrary(main, record, number, moduleFor));
  if (stubs) {
    // A method, not a getter: bundlers drop a getter whose value nobody takes.
    const load = (number: number): void => {
      libraries[number]?.load();
    };
    new WebAssembly.Instance(stubs, { env: { load, table: main.wasmTable } });
  }
  fillMainSlots(main, record);
  for (const [number, library] of record.libraries.entries()) {
    const replayed = libraries[number];
    if (!replayed) continue;
    const linked = linkedLibrary(library, replayed);
    main.LDSO.loadedLibsByName[library.name] = linked;
    for (const handle of library.handles) main.LDSO.loadedLibsByHandle[handle] = linked;
    if (!atOnce.includes(library)) continue;
    const exports = replayed.load();
    if (library.isGlobal) main.mergeLibSymbols(exports, library.name);
  }
  const unfilled = record.slots.filter(({ index }) => main.wasmTable.get(index) === null).map(({ index }) => index);
  if (unfilled.length > 0) {
    return fail(appError('python/heap-mismatch', `no function for table slots ${unfilled.slice(0, 5).join(', ')}`));
  }
  // Both are caches over the table that were filled before it grew.
  main.wasmTableMirror.length = 0;
  main.freeTableIndexes.length = 0;
  main.freeTableIndexes.push(...record.freeTableIndexes);
  main.updateTableMap?.(0, main.wasmTable.length);
  return ok({ libraries: libraries.length });
}

/** As the dynamic linker keeps it. Whoever asks for its exports puts it in place. */
function linkedLibrary(library: RecordedLibrary, replayed: ReplayedLibrary): LinkedLibrary {
  return {
    refcount: library.refcount ?? Number.POSITIVE_INFINITY,
    name: library.name,
    global: library.isGlobal,
    get exports() {
      return replayed.load();
    },
  };
}

/** One side module of a saved heap: recorded until its exports are first asked for, in place from then on. */
class ReplayedLibrary {
  readonly #main: EmscriptenModule;
  readonly #record: ReplayRecord;
  readonly #number: number;
  readonly #moduleFor: ReplayOptions['moduleFor'];
  #exports: Record<string, SideExport> | null = null;

  constructor(main: EmscriptenModule, record: ReplayRecord, number: number, moduleFor: ReplayOptions['moduleFor']) {
    this.#main = main;
    this.#record = record;
    this.#number = number;
    this.#moduleFor = moduleFor;
  }

  load(): Record<string, SideExport> {
    if (this.#exports) return this.#exports;
    const library = this.#record.libraries[this.#number];
    const module = library && this.#moduleFor(library.name);
    if (!library || !module) throw new Error(`python/heap-mismatch: no module for ${library?.name ?? 'a library'}`);
    const main = this.#main;
    const own: Record<string, SideExport> = {};
    const memorySize = main.getDylinkMetadata?.(module).memorySize ?? 0;
    const kept = main.HEAPU8.slice(library.memoryBase, library.memoryBase + memorySize);
    const instance = instantiateLibrary(main, library, module, own);
    main.HEAPU8.set(kept, library.memoryBase);
    this.#fillSlots(instance);
    this.#exports = own; // last: one that could not be put in place throws again instead of calling itself for ever
    return own;
  }

  /** Its functions that lie outside its own part of the table. */
  #fillSlots(instance: WebAssembly.Instance): void {
    for (const slot of this.#record.slots) {
      if (slot.kind !== 'side' || slot.library !== this.#number) continue;
      const value = instance.exports[slot.name];
      if (typeof value === 'function') this.#main.setWasmTableEntry(slot.index, value as CallableExport);
    }
  }
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
  own: Record<string, SideExport>,
): WebAssembly.Instance {
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

/** Fills slots past the main module's own that hold functions of it. */
function fillMainSlots(main: EmscriptenModule, record: ReplayRecord): void {
  const exported = mainExports(main);
  for (const slot of record.slots) {
    if (slot.kind !== 'main') continue;
    const value = main.wasmExports?.[slot.name] ?? exported[slot.name];
    if (typeof value === 'function') main.setWasmTableEntry(slot.index, value);
  }
}
