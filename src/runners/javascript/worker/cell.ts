import type { JSValueHandle } from 'quickjs-wasi';
import type { CellResult, EngineHost } from '../../kit/worker/index.ts';
import type { GuestError } from '../guest/host-calls.ts';
import { runLoop } from './event-loop.ts';
import { EngineThrow, type GuestVm, JSException } from './guest-vm.ts';
import type { OpenAnswers } from './pending.ts';
import { type ErrorContext, programErrorOf } from './program-error.ts';
import type { Position } from './strip-types.ts';
import type { Timers } from './timers.ts';

const RESULT_UTF16 = 1_000_000;

export interface CellOptions {
  readonly host: EngineHost;
  readonly vm: GuestVm;
  readonly timers: Timers;
  readonly answers: OpenAnswers;
  readonly shouldStop: () => boolean;
  readonly exitCode: () => number | null;
  /** Names of host functions. */
  readonly functions: readonly string[];
  readonly file: string;
  readonly placeOf: (place: Position) => Position;
}

const STOPPED: CellResult = { exitCode: 1, result: null, error: null };
const SPENT: CellResult = { ...STOPPED, isSpent: true };

/** One run of a program in a guest: from its first line to what is shown of its value or its error. */
export class Cell {
  readonly #options: CellOptions;

  constructor(options: CellOptions) {
    this.#options = options;
  }

  async run(code: string, isStrict: boolean): Promise<CellResult> {
    try {
      return await this.#run(code, isStrict);
    } catch (error) {
      if (error instanceof JSException) return this.#failed(() => error.handle);
      // The browser's own stack ended inside of the guest: nothing in this instance can be relied on any more.
      if (error instanceof EngineThrow) return this.#hostThrow(error);
      throw error;
    }
  }

  async #run(code: string, isStrict: boolean): Promise<CellResult> {
    const { vm, host, timers, answers, shouldStop, file, functions } = this.#options;
    vm.forgetRejections();
    vm.call('beginRun', JSON.stringify({ functions, fileName: file })).dispose();
    const promise = vm.runScript(code, file, isStrict);
    vm.markHandled(promise);
    let rejection: JSValueHandle | null = null;
    const hasFailed = (): boolean => {
      rejection ??= vm.takeRejection();
      return rejection !== null || vm.stateOf(promise) === 2;
    };
    const end = await runLoop({ host, vm, timers, answers, shouldStop, hasFailed });
    if (end === 'stopped') return this.#stopped();
    if (end === 'rejected') {
      const unhandled: JSValueHandle | null = rejection;
      return this.#failed(() => unhandled ?? vm.resultOf(promise), unhandled !== null);
    }
    if (vm.stateOf(promise) === 0) return this.#unsettled();
    return this.#shown(vm.resultOf(promise).consume((result) => result.getProp('value')));
  }

  /** The text and the rich form are made while the limits still hold: a getter or a proxy of the program's may run. */
  #shown(value: JSValueHandle): CellResult {
    const { vm, host } = this.#options;
    let result: string | null = null;
    if (!value.isUndefined) {
      result = vm.callText('show', value).slice(0, RESULT_UTF16);
      const rich = vm.callText('rich', value);
      if (rich !== '') {
        const { data, table } = JSON.parse(rich) as { data: Record<string, string>; table: never };
        host.display(data, table);
      }
    }
    if (this.#options.shouldStop()) return this.#stopped();
    const exitCode = vm.call('endRun', 0).consume((code) => code.toNumber());
    return this.#options.shouldStop() ? this.#stopped() : { exitCode, result, error: null };
  }

  #stopped(): CellResult {
    const { vm, exitCode } = this.#options;
    const code = exitCode();
    // Jobs of an interrupted program would go on in the next run.
    const isSpent = vm.hasJobs;
    if (code !== null) return { exitCode: code, result: null, error: null, isSpent };
    return isSpent ? SPENT : STOPPED;
  }

  #failed(errorOf: () => JSValueHandle, isRejection = false): CellResult {
    const { vm } = this.#options;
    if (this.#options.shouldStop()) return this.#stopped();
    const json = vm.withLastWords(() => this.#describe(errorOf));
    if (this.#options.shouldStop()) return this.#stopped();
    const described = JSON.parse(json) as GuestError;
    const error = programErrorOf(described, this.#context(isRejection));
    return { exitCode: 1, result: null, error };
  }

  #describe(errorOf: () => JSValueHandle): string {
    const { vm } = this.#options;
    try {
      const error = errorOf();
      // The engine throws null where it had no memory for an error.
      if (error.isNull) return JSON.stringify(OUT_OF_MEMORY);
      return vm.callText('describeError', error);
    } catch (error) {
      if (!(error instanceof JSException)) throw error;
      return JSON.stringify({ name: 'Error', message: '<cannot show>', stack: 'Error: <cannot show>', code: null });
    }
  }

  #context(isRejection: boolean): ErrorContext {
    const { placeOf } = this.#options;
    if (!isRejection) return { placeOf };
    return { placeOf, suggestions: ['A promise was rejected and nothing caught it: await it, or add .catch().'] };
  }

  #unsettled(): CellResult {
    const message = 'The program waits for a promise that nothing can settle any more.';
    const error = programErrorOf(
      { name: 'Unsettled', message, stack: `Unsettled: ${message}`, code: null },
      { placeOf: this.#options.placeOf, code: 'js/unsettled' },
    );
    return { exitCode: 13, result: null, error };
  }

  #hostThrow(error: EngineThrow): CellResult {
    if (this.#options.shouldStop()) return SPENT;
    const isStack = /RangeError|InternalError|too much recursion|call stack/u.test(error.message);
    if (!isStack) throw error;
    const message = 'Maximum call stack size exceeded';
    const described = { name: 'RangeError', message, stack: `RangeError: ${message}`, code: null };
    return {
      exitCode: 1,
      result: null,
      error: programErrorOf(described, { placeOf: this.#options.placeOf, code: 'js/stack' }),
      isSpent: true,
    };
  }
}

/** The end of a run whose engine broke down where its memory was full: it could not even say so. */
export function endedByMemory(placeOf: CellOptions['placeOf']): CellResult {
  return { exitCode: 1, result: null, error: programErrorOf(OUT_OF_MEMORY, { placeOf }), isSpent: true };
}

const OUT_OF_MEMORY: GuestError = {
  name: 'InternalError',
  message: 'out of memory',
  stack: 'InternalError: out of memory',
  code: null,
};
