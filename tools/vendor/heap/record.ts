import type { EmscriptenModule, RecordedLibrary, ReplayRecord } from '../../../src/runners/python/heap/index.ts';

type RecordedSlot = ReplayRecord['slots'][number];

interface SeenLibrary {
  readonly module: WebAssembly.Module;
  readonly instance: WebAssembly.Instance;
  readonly memoryBase: number;
  readonly tableBase: number;
}

/**
 * Watches an interpreter while it loads side modules. Make one before the interpreter starts, call `mark` once the main
 * module exists, `finish` right before the heap is saved.
 */
export class HeapRecorder {
  readonly #seen: SeenLibrary[] = [];
  readonly #original = WebAssembly.Instance;
  #baseTableLength = 0;
  #gotAtStart = new Map<string, unknown>();

  constructor() {
    const seen = this.#seen;
    // The linker makes its instances by this constructor and hands the bases in as imports.
    WebAssembly.Instance = new Proxy(this.#original, {
      construct(target, [module, imports]: [WebAssembly.Module, WebAssembly.Imports | undefined]) {
        const instance = new target(module, imports);
        const env = imports?.['env'] as Record<string, unknown> | undefined;
        const [memoryBase, tableBase] = [env?.['__memory_base'], env?.['__table_base']];
        if (typeof memoryBase === 'number' && typeof tableBase === 'number') {
          seen.push({ module, instance, memoryBase, tableBase });
        }
        return instance;
      },
    });
  }

  mark(main: EmscriptenModule): void {
    this.#baseTableLength = main.wasmTable.length;
    this.#gotAtStart = new Map(Object.entries(main.GOT).map(([name, value]) => [name, value.value]));
  }

  finish(main: EmscriptenModule, buildId: string): ReplayRecord {
    WebAssembly.Instance = this.#original;
    const libraries = this.#seen.map((library) => describeLibrary(main, library));
    const changed = Object.entries(main.GOT).filter(([name, value]) => this.#gotAtStart.get(name) !== value.value);
    return {
      version: 1,
      buildId,
      baseTableLength: this.#baseTableLength,
      tableLength: main.wasmTable.length,
      libraries,
      slots: this.#slots(main, libraries),
      got: Object.fromEntries(changed.map(([name, value]) => [name, Number(value.value)])),
      freeTableIndexes: [...main.freeTableIndexes],
    };
  }

  /** Slots past the main module's own that no side module's element segment fills. */
  #slots(main: EmscriptenModule, libraries: readonly RecordedLibrary[]): RecordedSlot[] {
    const origin = new Map<unknown, { kind: 'side'; library: number; name: string } | { kind: 'main'; name: string }>();
    this.#seen.forEach(({ instance }, library) => {
      for (const [name, value] of Object.entries(instance.exports)) {
        if (!origin.has(value)) origin.set(value, { kind: 'side', library, name });
      }
    });
    for (const exports of [main.wasmExports ?? {}, main.LDSO.loadedLibsByName['__main__']?.exports ?? {}]) {
      for (const [name, value] of Object.entries(exports)) {
        if (typeof value === 'function' && !origin.has(value)) origin.set(value, { kind: 'main', name });
      }
    }
    const isElement = (index: number): boolean =>
      libraries.some(({ tableBase, tableSize }) => index >= tableBase && index < tableBase + tableSize);
    const slots: RecordedSlot[] = [];
    for (let index = this.#baseTableLength; index < main.wasmTable.length; index += 1) {
      const value: unknown = isElement(index) ? null : main.wasmTable.get(index);
      if (value === null) continue;
      const from = origin.get(value);
      if (!from) throw new Error(`table slot ${String(index)} holds a function of unknown origin`);
      slots.push({ ...from, index });
    }
    return slots;
  }
}

function describeLibrary(main: EmscriptenModule, seen: SeenLibrary): RecordedLibrary {
  const { loadedLibsByName, loadedLibsByHandle } = main.LDSO;
  const functions = Object.entries(seen.instance.exports).filter(([, value]) => typeof value === 'function');
  const found = Object.entries(loadedLibsByName).find(
    ([name, library]) =>
      name !== '__main__' &&
      typeof library.exports === 'object' &&
      functions.some(([key, value]) => library.exports[key] === value),
  );
  if (!found) throw new Error('a side module is not among the loaded libraries');
  const [name, library] = found;
  const handles = Object.entries(loadedLibsByHandle).filter(([, other]) => other === library);
  return {
    name,
    memoryBase: seen.memoryBase,
    tableBase: seen.tableBase,
    tableSize: main.getDylinkMetadata?.(seen.module).tableSize ?? 0,
    isGlobal: library.global,
    refcount: Number.isFinite(library.refcount) ? library.refcount : null,
    handles: handles.map(([handle]) => Number(handle)),
  };
}
