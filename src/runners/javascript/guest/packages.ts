import { host, type Located } from './host-calls.ts';

type Exports = Record<string, unknown>;
export interface LoadedModule {
  readonly id: string;
  readonly filename: string;
  exports: unknown;
  loaded: boolean;
}

const loaded = new Map<string, LoadedModule>();
const builtins = new Map<string, () => unknown>();

/** Node's own modules, made when they are first wanted. */
export function addBuiltin(names: readonly string[], make: () => unknown): void {
  let made: { readonly exports: unknown } | null = null;
  for (const name of names) {
    builtins.set(`node:${name}`, () => {
      made ??= { exports: make() };
      return made.exports;
    });
  }
}

function nodeError(code: string, message: string): Error {
  const error = new Error(message);
  return Object.assign(error, { code });
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** Runs the body of a CommonJS module once. */
function runCommonJs(id: string): unknown {
  const known = loaded.get(id);
  if (known) return known.exports;
  const module: LoadedModule = { id, filename: id, exports: {}, loaded: false };
  loaded.set(id, module);
  try {
    const body = host.compile(id) as (...args: unknown[]) => void;
    Reflect.apply(body, module.exports, [module.exports, createRequire(id), module, id, folderOf(id)]);
    module.loaded = true;
  } catch (error) {
    loaded.delete(id);
    throw error;
  }
  return module.exports;
}

/** A package that ships with this product. */
export const requirePackage = (name: string): unknown => runCommonJs(`package:${name}`);

let namespace: unknown = null;
Object.defineProperty(globalThis, Symbol.for('companion.namespace'), {
  value: (value: unknown) => {
    namespace = value;
  },
});

function requireEsm(id: string): unknown {
  const failure = host.importNow(id);
  if (failure !== '') throw nodeError('ERR_REQUIRE_ESM', failure);
  const exports = namespace;
  namespace = null;
  return exports;
}

function exportsOf(located: Located): unknown {
  switch (located.kind) {
    case 'builtin':
      return builtins.get(located.id)?.();
    case 'package': {
      const whole = requirePackage(located.id) as Exports;
      if (located.property === null) return whole;
      return (whole['default'] as Exports | undefined)?.[located.property] ?? whole[located.property];
    }
    case 'json':
      return JSON.parse(located.text) as unknown;
    case 'commonjs':
      return runCommonJs(located.id);
    case 'module':
      return requireEsm(located.id);
    case 'error':
      throw nodeError(located.code, located.message);
  }
}

/** `require` of packages whose text was written as an ES module gives what `import` of the whole gives. */
function plain(exports: unknown, located: Located): unknown {
  if (located.kind !== 'package' || typeof exports !== 'object' || exports === null) return exports;
  return (exports as Exports)['default'] ?? exports;
}

type Require = ((specifier: unknown) => unknown) & {
  readonly resolve: (specifier: string) => string;
  readonly cache: object;
  main?: unknown;
};

export function createRequire(from: string): Require {
  const base = from.startsWith('file://') ? from.slice(7) : from;
  const require = (specifier: unknown): unknown => {
    if (typeof specifier !== 'string') {
      throw Object.assign(new TypeError('The "id" argument must be of type string.'), { code: 'ERR_INVALID_ARG_TYPE' });
    }
    const located = JSON.parse(host.locate(specifier, base)) as Located;
    return plain(exportsOf(located), located);
  };
  const resolve = (specifier: string): string => {
    const located = JSON.parse(host.locate(specifier, base)) as Located;
    if (located.kind === 'error') throw nodeError(located.code, located.message);
    return located.id;
  };
  return Object.assign(require, { resolve, cache: {} });
}

/** Under this symbol the wrappers of the module loader find what an id stands for. */
const WRAPPED = Symbol.for('companion.exports');
Object.defineProperty(globalThis, WRAPPED, { value: (id: string) => exportsById(id) });

function exportsById(id: string): unknown {
  return exportsOf(JSON.parse(host.locate(id, '')) as Located);
}

/** Names that `import { … }` of a CommonJS module, a package or a builtin finds. */
export function exportNames(id: string): string {
  const exports = exportsById(id);
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return '[]';
  return JSON.stringify(Object.keys(exports).filter((name) => name !== 'default' && name !== '__esModule'));
}

export const builtinModules = (): string[] => [...builtins.keys()].map((name) => name.slice('node:'.length));
