import type { EngineHost } from '../../kit/worker/index.ts';
import { HOST_FUNCTIONS_SAID, hostFunctionFor, type HostFunction, typedResult } from './host-functions.ts';
import type { ReadyModule } from './module-store.ts';
import type { RunWish } from './program.ts';
import type { Bounds, ImportedThing } from './sections.ts';
import {
  argumentsFor,
  BadCall,
  describeSignature,
  type PlaceText,
  type ReadText,
  showResult,
  type WasmValue,
} from './values.ts';
import { createSuspender, type Suspender } from './suspend.ts';
import { createWasi, WASI_MODULE } from './wasi.ts';

const PAGE_BYTES = 65_536;
const TEXT_BYTES_MOST = 1024 * 1024;
/** Functions that languages export to get memory for a caller, with the size as their one argument. */
const ALLOCATORS = ['malloc', 'alloc', 'allocate', '__alloc', 'wasm_malloc'];
const PROGRAM_NAME = 'main.wasm';

type Called = (...given: WasmValue[]) => unknown;

export interface InstanceOptions {
  readonly host: EngineHost;
  readonly wish: RunWish;
  readonly ready: ReadyModule;
  /** Beside what is there anyway, by `module.name`. */
  readonly extra: Readonly<Record<string, HostFunction>>;
  /** Called with each memory as soon as there is one, so that its size can be told after a trap. */
  readonly onMemory: (memory: WebAssembly.Memory) => void;
}

export interface Ran {
  readonly result: string | null;
}

/** Instantiates a module and does what was wished. Rejects with what the program throws, `BadCall`, or a `LinkError`. */
export async function runInstance(options: InstanceOptions): Promise<Ran> {
  const { host, wish, ready } = options;
  let memory: WebAssembly.Memory | null = null;
  const memoryNow = (): WebAssembly.Memory => {
    if (!memory) throw new BadCall('The module has no memory of its own that it exports, so no text can go in or out.');
    return memory;
  };
  const readText: ReadText = (pointer, length) => textIn(memoryNow(), pointer, length);
  const suspender = host.hasSharedMemory ? null : createSuspender();
  const wasi = createWasi(host, wish, { programName: PROGRAM_NAME, suspender });
  const link = (wanted: ImportedThing): WebAssembly.ImportValue => {
    if (wanted.kind === 'memory') {
      memory = new WebAssembly.Memory({
        initial: wanted.bounds?.minimum ?? 0,
        maximum: Math.min(wanted.bounds?.maximum ?? ready.pages, ready.pages),
      });
      return memory;
    }
    return linked(wanted, { host, readText, extra: options.extra, wasi: wasi.imports });
  };
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const wanted of ready.parts.imports) (imports[wanted.module] ??= {})[wanted.name] = link(wanted);
  const takeMemory = (found: WebAssembly.Memory | null): void => {
    if (!found) return;
    memory = found;
    wasi.connect(found);
    options.onMemory(found);
  };
  // Also a start function, which runs before anything is exported, may call WASI with an imported memory.
  takeMemory(memory);
  const { exports } = await WebAssembly.instantiate(ready.module, imports);
  const exported = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  takeMemory(exported ?? null);
  return call(exports, { ...options, suspender, readText, place: placer(exports, () => memoryNow()) });
}

function linked(
  wanted: ImportedThing,
  given: {
    readonly host: EngineHost;
    readonly readText: ReadText;
    readonly extra: Readonly<Record<string, HostFunction>>;
    readonly wasi: WebAssembly.ModuleImports;
  },
): WebAssembly.ImportValue {
  const { module, name, kind } = wanted;
  const called = `${module}.${name}`;
  if (kind === 'table') return tableFor(wanted.bounds ?? { minimum: 0, maximum: null });
  if (kind !== 'function') throw new BadCall(`The module imports the ${kind} ${called}, which does not exist here.`);
  const own = module === WASI_MODULE ? given.wasi[name] : undefined;
  if (own !== undefined) return own;
  const extra = Object.hasOwn(given.extra, called) ? given.extra[called] : undefined;
  const found = extra ?? hostFunctionFor(wanted, given);
  if (found) return typedResult(found, wanted);
  throw new BadCall(missing(wanted));
}

function tableFor({ minimum, maximum }: Bounds): WebAssembly.Table {
  return new WebAssembly.Table({ element: 'anyfunc', initial: minimum, ...(maximum === null ? {} : { maximum }) });
}

function missing({ module, name, signature }: ImportedThing): string {
  const type = signature ? describeSignature(signature) : '';
  const hint = module === 'wasi_unstable' ? ' It is of a draft of WASI before preview 1.' : '';
  return `The module imports ${module}.${name}${type}, which does not exist here.${hint} There are ${HOST_FUNCTIONS_SAID}.`;
}

interface CallOptions extends InstanceOptions {
  readonly suspender: Suspender | null;
  readonly readText: ReadText;
  readonly place: PlaceText;
}

async function call(exports: WebAssembly.Exports, options: CallOptions): Promise<Ran> {
  const { wish, ready } = options;
  const functions = ready.parts.functions;
  const run = async (name: string, values: readonly WasmValue[] = []): Promise<unknown> => {
    const called = exports[name];
    return options.suspender ? options.suspender.call(called, values) : (called as Called)(...values);
  };
  if (!wish.call) {
    if (functions.some(({ name }) => name === '_start')) {
      await run('_start');
      return { result: null };
    }
    initialize(exports);
    const only = functions.filter(({ name }) => name !== '_initialize');
    const main = only.find(({ name, signature }) => name === 'main' && signature?.parameters.length === 0);
    if (main) return { result: showResult(await run('main'), 'plain', options.readText) };
    return { result: whatThereIs(only) };
  }
  const { name, given, shows } = wish.call;
  const wanted = functions.find((each) => each.name === name);
  if (!wanted?.signature) {
    const isOther = Object.hasOwn(exports, name);
    throw new BadCall(
      `${isOther ? `The export ${name} is no function` : `The module exports no function called ${name}`}. ${whatThereIs(functions)}`,
    );
  }
  initialize(exports);
  const values = argumentsFor(name, wanted.signature, given, options.place);
  return { result: showResult(await run(name, values), shows, options.readText) };
}

/** A library in WASI's sense wants this before anything else. */
function initialize(exports: WebAssembly.Exports): void {
  if (typeof exports['_initialize'] === 'function') (exports['_initialize'] as Called)();
}

function whatThereIs(functions: ReadyModule['parts']['functions']): string {
  if (functions.length === 0) return 'The module exports no functions.';
  const shown = functions
    .slice(0, 20)
    .map(({ name, signature }) => `  ${name}${signature ? describeSignature(signature) : ''}`);
  const more = functions.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n');
  return `Functions to call with ";; run: name arguments":\n${list}`;
}

function textIn(memory: WebAssembly.Memory, pointer: number, length: number | null): string {
  const all = new Uint8Array(memory.buffer);
  const rest = all.subarray(pointer, pointer + (length ?? TEXT_BYTES_MOST));
  const end = length === null ? rest.indexOf(0) : rest.length;
  if (pointer > all.length || (length !== null && rest.length < length))
    throw new BadCall('The text lies outside of the memory.');
  return new TextDecoder().decode(rest.subarray(0, Math.min(end < 0 ? rest.length : end, TEXT_BYTES_MOST)));
}

/** Texts for arguments: in memory that the module gives, or in new pages behind all of its own. */
function placer(exports: WebAssembly.Exports, memoryNow: () => WebAssembly.Memory): PlaceText {
  const allocator = ALLOCATORS.map((name) => exports[name]).find((value) => typeof value === 'function') as
    | Called
    | undefined;
  let free = 0;
  let end = 0;
  return (text) => {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const memory = memoryNow();
    let pointer: number;
    if (allocator) pointer = Number(allocator(bytes.length)) >>> 0;
    else {
      if (free + bytes.length > end) {
        const pages = Math.ceil(bytes.length / PAGE_BYTES);
        free = memory.grow(pages) * PAGE_BYTES;
        end = free + pages * PAGE_BYTES;
      }
      pointer = free;
      free += bytes.length;
    }
    new Uint8Array(memory.buffer).set(bytes, pointer);
    return { pointer, length: bytes.length - 1 };
  };
}
