import {
  type CellResult,
  type CreateEngine,
  createHostFunctions,
  type Engine,
  type EngineHost,
  type EngineRequest,
  type HostFunction,
  productFunctions,
} from '../../kit/worker/index.ts';
import type { Language } from '../../../contracts/run.ts';
import type { GuestError } from '../guest/host-calls.ts';
import type { WorkerProgramError } from '../../../contracts/runner-protocol.ts';
import { createParse } from './acorn.ts';
import { Callees, offsetOf, placeAt } from './callees.ts';
import { Cell, endedByMemory } from './cell.ts';
import { GuestVm, JSException } from './guest-vm.ts';
import { createHostCalls } from './host-calls.ts';
import { linkError, linkText } from './imports.ts';
import { Modules, PACKAGES } from './modules.ts';
import { NativePart } from './native-part.ts';
import { OpenAnswers } from './pending.ts';
import { programErrorOf } from './program-error.ts';
import { rewriteCell, type Rewritten } from './rewrite.ts';
import { createStripTypes, type Position, type StripTypes } from './strip-types.ts';
import { Timers } from './timers.ts';
import { createUrlParts } from './url.ts';

const MAY_IMPORT = /\b(?:import|require|Buffer|readFileSync)\b/u;
/** Room for the guest's own start; each run sets its own. */
const START_MEMORY_MB = 64;
/** Above this part of its memory, what an earlier run left would choke the next one. */
const FULL = 0.6;
/** An engine that stands ahead of need has its parser by the time that it is wanted. */
const PARSER_AFTER_MS = 150;
/** Share of the memory from which on a breakdown of the engine is one of memory. */
const NEARLY_ALL = 0.9;

export interface JavaScriptOptions {
  /** Functions that programs may call beside those of the product. */
  readonly functions?: Readonly<Record<string, HostFunction>>;
}

const same = (place: Position): Position => place;

interface Prepared {
  readonly code: string;
  readonly placeOf: (place: Position) => Position;
}

/** QuickJS for one session. */
export function createJavaScriptEngine(options: JavaScriptOptions = {}): CreateEngine {
  return async (host) => {
    const engine = new JavaScriptEngine(host, options);
    await engine.start();
    return engine;
  };
}

class JavaScriptEngine implements Engine {
  readonly #host: EngineHost;
  readonly #timers: Timers;
  readonly #answers = new OpenAnswers();
  readonly #modules: Modules;
  readonly #parse;
  readonly #callees;
  readonly #native;
  readonly #functions;
  readonly #constants = new Set<string>();
  /** Made before the worker loses what it is made from. */
  readonly #urlParts = createUrlParts();
  readonly #beganMs = performance.now();
  #strip: StripTypes | null = null;
  #vm: GuestVm | null = null;
  #exitCode: number | null = null;
  #highestBytes = 0;
  #hasRun = false;

  constructor(host: EngineHost, options: JavaScriptOptions) {
    this.#host = host;
    this.#timers = new Timers(this.#nowMs);
    this.#functions = createHostFunctions({ ...productFunctions(host), ...options.functions });
    this.#parse = createParse(() => new TextDecoder().decode(this.#file('acorn.js')));
    this.#callees = new Callees(this.#parse);
    this.#native = new NativePart(host);
    this.#modules = new Modules({
      host,
      strip: (code, file) => this.#stripModule(code, file),
      exportNames: (id) => JSON.parse(this.#guest.callText('exportNames', id)) as string[],
      refusal: (name) => this.#guest.callText('refusal', name),
    });
  }

  readonly version = 'QuickJS-ng 0.17.0';

  async start(): Promise<void> {
    this.#vm = await this.#createVm(START_MEMORY_MB);
    // A program without declarations needs no parser and shall not wait for one, nor be interrupted by it.
    setTimeout(() => {
      if (!this.#hasRun) this.#parse('');
    }, PARSER_AFTER_MS);
  }

  memoryBytes(): number {
    this.#highestBytes = Math.max(this.#highestBytes, this.#vm?.memoryBytes ?? 0);
    return this.#highestBytes;
  }

  async execute(request: EngineRequest): Promise<CellResult> {
    this.#hasRun = true;
    this.#timers.begin();
    this.#answers.begin();
    this.#exitCode = null;
    const file = request.language === 'typescript' ? 'main.ts' : 'main.js';
    const prepared = await this.#prepare(request.code, request.language, file);
    if ('error' in prepared) return { exitCode: 1, result: null, error: prepared.error };
    const vm = this.#guest;
    vm.setMemoryLimit(request.memoryMB);
    const rewritten = rewriteCell(prepared.code, this.#parse, {
      constants: this.#constants,
      waitsForInput: !this.#host.hasSharedMemory,
    });
    for (const name of rewritten.variables) this.#constants.delete(name);
    for (const name of rewritten.constants) this.#constants.add(name);
    this.#callees.add(file, rewritten.code, true);
    const placeOf = placesOf(rewritten, prepared);
    const fault = this.#faultOf(rewritten, file);
    if (fault) return { exitCode: 1, result: null, error: programErrorOf(fault, { placeOf }) };
    const cell = new Cell({
      host: this.#host,
      vm,
      timers: this.#timers,
      answers: this.#answers,
      shouldStop: this.#shouldStop,
      exitCode: () => this.#exitCode,
      functions: this.#functions.names,
      file,
      placeOf,
    });
    const code = {
      code: rewritten.code,
      isStrict: rewritten.isModule,
      imports: linkText(rewritten.imports),
      linkError: (error: GuestError) =>
        linkError(error, {
          imports: rewritten.imports,
          file,
          placeOf: (offset) => placeAt(prepared.code, offset),
          texts: this.#callees.texts,
          normalize: (from, source) => this.#modules.normalize(from, source),
        }),
      placeOf: prepared.placeOf,
    };
    const result = await cell.run(code).catch((error: unknown) => {
      if (vm.memoryBytes < request.memoryMB * NEARLY_ALL * 1024 * 1024) throw error;
      return endedByMemory(placeOf);
    });
    this.memoryBytes();
    if (!result.isSpent && this.#isFull(vm, request.memoryMB)) {
      this.#host.notice('The variables of this conversation filled the memory; they are gone, files are kept.');
      vm.dispose();
      this.#vm = await this.#createVm(START_MEMORY_MB);
      this.#constants.clear();
    }
    return result;
  }

  async validate(code: string, language: Language): Promise<WorkerProgramError | null> {
    const file = language === 'typescript' ? 'main.ts' : 'main.js';
    const prepared = await this.#prepare(code, language, file);
    if ('error' in prepared) return prepared.error;
    const rewritten = rewriteCell(prepared.code, this.#parse, { constants: this.#constants, waitsForInput: false });
    const fault = this.#faultOf(rewritten, file) ?? this.#refusalOf(rewritten.code, file, false);
    return fault && programErrorOf(fault, { placeOf: placesOf(rewritten, prepared) });
  }

  /** A script knows no `import`: where one could not be rewritten, only a module is told its fault at its own place. */
  #faultOf({ code, isUnread }: Rewritten, file: string): GuestError | null {
    if (!isUnread || !/\b(?:import|export)\b/u.test(code)) return null;
    return this.#refusalOf(code, file, true);
  }

  /** Why the engine cannot read a text; null where it can. */
  #refusalOf(code: string, file: string, isModule: boolean): GuestError | null {
    try {
      this.#guest.parse(code, file, isModule);
      return null;
    } catch (error) {
      if (!(error instanceof JSException)) throw error;
      const stack = `${error.name}: ${error.message}\n${error.stack ?? ''}`;
      return { name: error.name, message: error.message, stack, code: null };
    }
  }

  get #guest(): GuestVm {
    if (!this.#vm) throw new Error('the engine has not started');
    return this.#vm;
  }

  readonly #nowMs = (): number => performance.now() - this.#beganMs;

  /** Between runs nothing of a program may run on. */
  readonly #shouldStop = (): boolean => this.#exitCode !== null || this.#host.shouldStop();

  #isFull(vm: GuestVm, memoryMB: number): boolean {
    const most = memoryMB * FULL * 1024 * 1024;
    if (vm.memoryBytes < most) return false;
    try {
      return vm.liveBytes() > most;
    } catch {
      return true; // too full even to be asked
    }
  }

  #createVm(memoryMB: number): Promise<GuestVm> {
    const calls = createHostCalls({
      host: this.#host,
      timers: this.#timers,
      modules: this.#modules,
      pending: this.#answers,
      functions: this.#functions,
      nowMs: this.#nowMs,
      exit: (code) => {
        this.#exitCode ??= code;
      },
      fetch: (request, onBegun) => this.#host.network(request, onBegun),
      importNow: (id) => this.#importNow(id),
      urlParts: this.#urlParts,
      callees: this.#callees,
      native: this.#native.run,
    });
    const options = {
      modules: this.#host.modules,
      guest: this.#file('javascript-guest.memory'),
      memoryMB,
      shouldStop: () => this.#vm !== null && this.#shouldStop(),
      normalize: (base: string, specifier: string) => this.#modules.normalize(base, specifier),
      load: (name: string) => {
        const text = this.#modules.load(name);
        if (!/^(?:package|node):/u.test(name)) this.#callees.add(name, text);
        return text;
      },
      nowMs: this.#nowMs,
    };
    return GuestVm.create(options, calls);
  }

  /** `require` of an ES module: possible where none of it awaits. */
  #importNow(id: string): string {
    const vm = this.#guest;
    const promise = vm.runModule(
      `import*as m from ${JSON.stringify(id)};globalThis[Symbol.for('companion.namespace')](m);`,
      'node:require',
    );
    vm.markHandled(promise);
    if (vm.stateOf(promise) === 2) {
      const { message } = JSON.parse(vm.callText('describeError', vm.resultOf(promise))) as {
        readonly message: string;
      };
      return message;
    }
    return vm.stateOf(promise) === 1 ? '' : `${id} awaits at its top level: use import instead of require.`;
  }

  #file(name: string): Uint8Array {
    const bytes = this.#host.files.get(name);
    if (!bytes) throw new Error(`the engine lacks ${name}`);
    return bytes;
  }

  async #prepare(
    code: string,
    language: Language,
    file: string,
  ): Promise<Prepared | { readonly error: WorkerProgramError }> {
    if (MAY_IMPORT.test(code)) await this.#loadPackages();
    await this.#native.prepare(code);
    if (language !== 'typescript') {
      // A file of the conversation may be TypeScript all the same.
      if (/\.[mc]?ts\b|\bimport\b|\brequire\b/u.test(code) && this.#hasTypeScriptFiles()) await this.#loadStripper();
      return { code, placeOf: same };
    }
    const strip = await this.#loadStripper();
    const stripped = strip(code, file);
    if (stripped.ok) return stripped;
    const { message, place } = stripped;
    const where = place ? `\n    at ${file}:${place.line}:${place.column}` : '';
    const stack = `SyntaxError: ${message}${where}`;
    return { error: programErrorOf({ name: 'SyntaxError', message, stack, code: null }, { placeOf: same }) };
  }

  #hasTypeScriptFiles(): boolean {
    return this.#host.tree.list('').some(({ path, kind }) => kind === 'directory' || /\.[mc]?ts$/u.test(path));
  }

  async #loadPackages(): Promise<void> {
    if (this.#modules.hasPackages) return;
    const bytes = await this.#host.loadPart(PACKAGES);
    if (bytes) this.#modules.takePackages(bytes);
  }

  async #loadStripper(): Promise<StripTypes> {
    if (this.#strip) return this.#strip;
    const [glue, wasm] = await Promise.all(['swc.js', 'swc.wasm'].map((name) => this.#host.loadPart(name)));
    if (!glue || !wasm) throw new Error('the engine lacks its type stripper');
    const module = await WebAssembly.compile(wasm as Uint8Array<ArrayBuffer>);
    this.#strip = createStripTypes(new TextDecoder().decode(glue), module);
    return this.#strip;
  }

  #stripModule(code: string, file: string): string {
    if (!this.#strip)
      throw new Error(`${file}: TypeScript files can be imported where the program itself has an import`);
    const stripped = this.#strip(code, file);
    if (stripped.ok) return stripped.code;
    const at = stripped.place ? ` (${file}:${stripped.place.line}:${stripped.place.column})` : '';
    const error = new Error(stripped.message + at);
    error.stack = `SyntaxError: ${error.message}`;
    error.name = 'SyntaxError';
    throw error;
  }
}

/** From the engine's places, whose columns count bytes of what was rewritten, to the person's. */
function placesOf({ code, originOf }: Rewritten, { code: program, placeOf }: Prepared): Prepared['placeOf'] {
  return (place) => {
    const at = offsetOf(code, place);
    return at < 0 ? placeOf(place) : placeOf(placeAt(program, originOf(at)));
  };
}
