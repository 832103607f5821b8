import type { JSValueHandle } from 'quickjs-wasi';
import type { CellResult, EngineHost } from '../../kit/worker/index.ts';
import type { GuestError } from '../guest/host-calls.ts';
import { runLoop } from './event-loop.ts';
import { EngineThrow, type GuestVm, JSException } from './guest-vm.ts';
import type { OpenAnswers } from './pending.ts';
import { programErrorOf } from './program-error.ts';
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

export interface CellCode {
  readonly code: string;
  readonly isStrict: boolean;
  /** A module of its imports, which is linked and run first; empty where it has none. */
  readonly imports: string;
  /** What is said where that fails, with places of the program before it was rewritten. */
  readonly linkError: (error: GuestError) => GuestError;
  readonly placeOf: (place: Position) => Position;
}

interface Failing {
  /** Nobody caught it, and it is not the program's own end. */
  readonly isRejection?: boolean;
  readonly told?: CellCode['linkError'];
  readonly placeOf?: CellCode['placeOf'];
}

const UNCAUGHT = ['A promise was rejected and nothing caught it: await it, or add .catch().'];

const STOPPED: CellResult = { exitCode: 1, result: null, error: null };
const SPENT: CellResult = { ...STOPPED, isSpent: true };

/** One run of a program in a guest: from its first line to what is shown of its value or its error. */
export class Cell {
  readonly #options: CellOptions;

  constructor(options: CellOptions) {
    this.#options = options;
  }

  async run(cell: CellCode): Promise<CellResult> {
    try {
      return await this.#run(cell);
    } catch (error) {
      if (error instanceof JSException) return this.#failed(() => error.handle);
      // The browser's own stack ended inside of the guest: nothing in this instance can be relied on any more.
      if (error instanceof EngineThrow) return this.#hostThrow(error);
      throw error;
    }
  }

  async #run({ code, isStrict, ...linked }: CellCode): Promise<CellResult> {
    const { vm, file, functions } = this.#options;
    vm.forgetRejections();
    vm.call('beginRun', JSON.stringify({ functions, fileName: file })).dispose();
    const unlinked = linked.imports === '' ? null : await this.#link(linked);
    if (unlinked) return unlinked;
    // A module's first turn is a job itself: ticks that it sets come after the jobs that it leaves.
    const promise = vm.runScript(code, file, isStrict);
    vm.holdTicks(isStrict);
    const failed = await this.#settled(promise);
    if (failed) return failed;
    if (vm.stateOf(promise) === 0) return this.#unsettled();
    if (vm.stateOf(promise) === 2) return this.#ended(null);
    return this.#shown(vm.resultOf(promise).consume((result) => result.getProp('value')));
  }

  /** Runs what a promise of the program needs, to the end of all that it left to be done or of the promise. Null where it is well. */
  async #settled(promise: JSValueHandle, isOver?: () => boolean): Promise<CellResult | null> {
    const { vm, host, timers, answers, shouldStop } = this.#options;
    vm.markHandled(promise);
    let rejection: JSValueHandle | null = null;
    let isSeen = false;
    const hasThrown = (): boolean => !isSeen && vm.stateOf(promise) === 2;
    const hasFailed = (): boolean => {
      if (hasThrown()) return true;
      rejection ??= vm.takeRejection();
      return rejection !== null;
    };
    const loop = { host, vm, timers, answers, shouldStop, hasFailed };
    for (;;) {
      const end = await runLoop(isOver ? { ...loop, isOver } : loop);
      if (end === 'stopped') return this.#stopped();
      if (end === 'done') {
        if (isOver || !this.#goesOn()) return null;
        continue;
      }
      const unhandled: JSValueHandle | null = hasThrown() ? null : rejection;
      const error = unhandled ?? vm.resultOf(promise);
      const isHeard = vm.call('uncaught', error, unhandled ? 1 : 0).consume((heard) => heard.toNumber()) === 1;
      if (!isHeard) return this.#failed(() => error, { isRejection: unhandled !== null });
      if (unhandled) rejection = null;
      else isSeen = true;
    }
  }

  /** Whether a program that has nothing left to do made something when it heard so. */
  #goesOn(): boolean {
    const { vm, timers, answers } = this.#options;
    const isHeard = vm.call('beforeExit').consume((heard) => heard.toNumber()) !== 0;
    return isHeard && (vm.hasJobs || timers.hasHeld || answers.isOpen);
  }

  /** What the program imports runs before it, as it does in a module. Null where it is well. */
  async #link({ imports, linkError, placeOf }: Omit<CellCode, 'code' | 'isStrict'>): Promise<CellResult | null> {
    const { vm, file } = this.#options;
    try {
      const promise = vm.runModule(imports, file);
      return await this.#settled(promise, () => vm.stateOf(promise) !== 0);
    } catch (error) {
      if (!(error instanceof JSException)) throw error;
      return this.#failed(() => error.handle, { told: linkError, placeOf });
    }
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
    return this.#ended(result);
  }

  #ended(result: string | null): CellResult {
    if (this.#options.shouldStop()) return this.#stopped();
    const exitCode = this.#options.vm.call('endRun', 0).consume((code) => code.toNumber());
    return this.#options.shouldStop() ? this.#stopped() : { exitCode, result, error: null };
  }

  /** What waits for the end of a program hears of this one too. The code that it chose. */
  #endedByError(): number {
    const { vm } = this.#options;
    try {
      return vm.call('endRun', 1).consume((code) => code.toNumber());
    } catch (error) {
      // What failed while it ended is less than what ended it, which is told.
      if (error instanceof JSException) return 1;
      throw error;
    }
  }

  #stopped(): CellResult {
    const { vm, exitCode } = this.#options;
    const code = exitCode();
    // Jobs of an interrupted program would go on in the next run.
    const isSpent = vm.hasJobs;
    if (code !== null) return { exitCode: code, result: null, error: null, isSpent };
    return isSpent ? SPENT : STOPPED;
  }

  #failed(errorOf: () => JSValueHandle, how: Failing = {}): CellResult {
    const { vm, placeOf } = this.#options;
    if (this.#options.shouldStop()) return this.#stopped();
    const json = vm.withLastWords(() => this.#describe(errorOf));
    if (this.#options.shouldStop()) return this.#stopped();
    const described = JSON.parse(json) as GuestError;
    const context = { placeOf: how.placeOf ?? placeOf, ...(how.isRejection === true ? { suggestions: UNCAUGHT } : {}) };
    const error = programErrorOf(how.told?.(described) ?? described, context);
    const exitCode = this.#endedByError();
    if (this.#options.shouldStop()) return this.#stopped();
    return { exitCode: exitCode === 0 ? 1 : exitCode, result: null, error };
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
