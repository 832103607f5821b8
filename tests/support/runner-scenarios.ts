import { fail, ok } from '../../src/base/index.ts';
import { type AppErrorCode, appError } from '../../src/contracts/errors.ts';
import type { SessionId } from '../../src/contracts/ids.ts';
import type { Outcome, ProgramError } from '../../src/contracts/outcome.ts';
import type { Language, RunEvent, RunLimits } from '../../src/contracts/run.ts';
import type { ExecuteRequest, Runner, RunnerManifest, RunnerSession } from '../../src/contracts/runner.ts';

/**
 * What a program of a scenario does, in this order. No clock is asked: what it takes is compared with its limits, and where it
 * must last it waits for the test.
 */
export interface ProgramScenario {
  readonly prints?: readonly string[];
  /** What else it tells, in order: displays, files, notices, its other stream. */
  readonly tells?: readonly Exclude<RunEvent, { kind: 'ended' }>[];
  /** It asks for input, and prints the answer. */
  readonly asks?: string;
  /** It stands still until this settles, which is in the hands of the test. Stop ends it there. */
  readonly waitsFor?: Promise<unknown>;
  readonly takesMs?: number;
  readonly takesMB?: number;
  readonly result?: string;
  /** It ends with an error of its own: by this name, in the usual code of its language; or as it is said here. */
  readonly raises?: string | Partial<ProgramError>;
  /** It cannot be read: `validate` refuses it, and running it ends with the same error. */
  readonly isBroken?: boolean;
  /** `stop`: goes on until it is stopped. `worker-dies`: its engine is lost. `bug`: the runner itself throws. */
  readonly ends?: 'stop' | 'worker-dies' | 'bug';
}

/** What an engine does when it is opened. A promise: it opens once that settles. A code: it is not to be had, for this reason. */
export type Opening = 'opens' | 'never' | AppErrorCode | Promise<unknown>;

/** A runner by what it has and does; what is left out is the usual. */
export interface RunnerScenario {
  readonly id?: string;
  readonly languages?: readonly Language[];
  readonly capabilities?: Partial<RunnerManifest['capabilities']>;
  readonly memoryMB?: number;
  /** What its manifest says that it cannot. */
  readonly cannot?: readonly string[];
  /** Of its engines, one after another; the last one stands for all further ones. */
  readonly openings?: readonly Opening[];
  /** By the code of the program; every other one prints nothing and ends well. */
  readonly programs?: Readonly<Record<string, ProgramScenario>>;
}

/** Everything that was asked of the runner, in order. */
export type RunnerCall =
  | { readonly kind: 'warm' }
  | { readonly kind: 'open' | 'dispose'; readonly sessionId: SessionId }
  | { readonly kind: 'execute'; readonly sessionId: SessionId; readonly code: string; readonly limits: RunLimits }
  /** The signal of a program that had not ended. */
  | { readonly kind: 'stop'; readonly sessionId: SessionId; readonly code: string }
  | { readonly kind: 'validate'; readonly sessionId: SessionId; readonly code: string; readonly language: Language }
  | { readonly kind: 'answer'; readonly text: string | null };

export interface ScenarioRunner extends Runner {
  readonly calls: readonly RunnerCall[];
}

type Failing = 'raised' | 'broken' | 'full';
type Execute = RunnerSession['execute'];

const MB = 1024 * 1024;
const REST = { timeMs: 0, memoryBytes: 0 };
const CANCELLED: Outcome = { kind: 'cancelled', by: 'person', sessionLost: false, ...REST };

const JAVASCRIPT = { raised: 'js/exception', broken: 'js/syntax-error', full: 'js/memory' } as const;
/** How the real runners call what programs end with. */
const CODES: Readonly<Record<Language, Readonly<Record<Failing, AppErrorCode>>>> = {
  python: { raised: 'python/exception', broken: 'python/syntax-error', full: 'python/memory' },
  javascript: JAVASCRIPT,
  typescript: JAVASCRIPT,
  lua: { raised: 'lua/error', broken: 'lua/syntax-error', full: 'lua/memory' },
  wasm: { raised: 'wasm/trap', broken: 'wasm/bad-module', full: 'wasm/memory' },
  // A shell has no errors of programs but this one.
  shell: { raised: 'shell/syntax-error', broken: 'shell/syntax-error', full: 'shell/memory' },
};
const TITLES: Readonly<Record<Exclude<Failing, 'raised'>, string>> = { broken: 'SyntaxError', full: 'MemoryError' };

function errorOf(program: ProgramScenario, { language, limits }: ExecuteRequest): ProgramError | null {
  const { takesMB = 1, raises, isBroken = false } = program;
  const plain = { message: '', traceback: null, line: 1, column: null, suggestions: [] };
  const told = (failing: Exclude<Failing, 'raised'>): ProgramError => {
    return { ...plain, code: CODES[language][failing], title: TITLES[failing] };
  };
  if (isBroken) return told('broken');
  if (takesMB > limits.memoryMB) return told('full');
  if (raises === undefined) return null;
  const said = typeof raises === 'string' ? { title: raises } : raises;
  return { ...plain, code: CODES[language].raised, title: 'Error', ...said };
}

function endOf(program: ProgramScenario, request: ExecuteRequest): Outcome {
  const { takesMs = 1, takesMB = 1, result = null } = program;
  const { limits } = request;
  const taken = { timeMs: Math.min(takesMs, limits.timeMs), memoryBytes: takesMB * MB };
  if (takesMs > limits.timeMs) return { kind: 'timedOut', limitMs: limits.timeMs, sessionLost: false, ...taken };
  const error = errorOf(program, request);
  if (error !== null) return { kind: 'completed', exitCode: 1, result: null, error, ...taken };
  return { kind: 'completed', exitCode: 0, result, error: null, ...taken };
}

/** Settles when it fires, also where it has. */
function stopped(signal: AbortSignal, onStop: () => void): Promise<'stopped'> {
  return new Promise((resolve) => {
    const end = (): void => {
      onStop();
      resolve('stopped');
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** Plays one program. */
async function play(
  program: ProgramScenario,
  request: ExecuteRequest,
  around: Parameters<Execute>[1] & {
    readonly stop: Promise<'stopped'>;
    readonly answered: () => Promise<string | null>;
  },
): Promise<Outcome> {
  const { onEvent, stop, answered } = around;
  const print = (text: string): void => onEvent({ kind: 'output', stream: 'stdout', text });
  onEvent({ kind: 'state', state: 'running' });
  around.onPhase?.('working');
  if (program.isBroken === true) return endOf(program, request);
  for (const text of program.prints ?? []) print(text);
  for (const event of program.tells ?? []) onEvent(event);
  if (program.asks !== undefined) {
    onEvent({ kind: 'input', prompt: program.asks, isSecret: false });
    const answer = await Promise.race([stop, answered().then((text) => ({ text }))]);
    if (answer === 'stopped') return CANCELLED;
    print(answer.text ?? '');
  }
  if (program.waitsFor !== undefined && (await Promise.race([stop, program.waitsFor])) === 'stopped') return CANCELLED;
  if (program.ends === 'bug') throw new Error('a bug of the runner');
  if (program.ends === 'worker-dies')
    return { kind: 'crashed', code: 'runner/killed', detail: null, sessionLost: true, ...REST };
  if (program.ends === 'stop') {
    await stop;
    return CANCELLED;
  }
  return endOf(program, request);
}

function openedSession(
  sessionId: SessionId,
  programs: NonNullable<RunnerScenario['programs']>,
  note: (call: RunnerCall) => void,
): RunnerSession {
  let isAlive = true;
  let answer: ((text: string | null) => void) | null = null;
  const answered = (): Promise<string | null> => new Promise((resolve) => (answer = resolve));
  return {
    async execute(request, options) {
      const { code, limits } = request;
      note({ kind: 'execute', sessionId, code, limits });
      let hasEnded = false;
      const stop = stopped(options.signal, () => hasEnded || note({ kind: 'stop', sessionId, code }));
      try {
        const outcome = await play(programs[code] ?? {}, request, { ...options, stop, answered });
        if (outcome.kind === 'crashed') isAlive = false;
        return outcome;
      } finally {
        hasEnded = true;
      }
    },
    answerInput(text) {
      note({ kind: 'answer', text });
      answer?.(text);
    },
    async validate(code, language) {
      note({ kind: 'validate', sessionId, code, language });
      return programs[code]?.isBroken === true ? fail(appError(CODES[language].broken, 'line 1')) : ok(null);
    },
    memoryBytes: MB,
    isResting: false,
    isResumed: false,
    saved: null,
    get isAlive() {
      return isAlive;
    },
    dispose() {
      note({ kind: 'dispose', sessionId });
      isAlive = false;
    },
  };
}

/**
 * A runner that plays a scenario at once, for tests of what surrounds runners:
 * `createScenarioRunner({ openings: ['runner/start-failed', 'opens'], programs: { spin: { ends: 'stop' } } })`.
 * Where a test must hold the moment of each event in its hands, `createScriptedRunner` does that.
 */
export function createScenarioRunner(scenario: RunnerScenario = {}): ScenarioRunner {
  const { id = 'scenario', languages = ['python'], openings = ['opens'], programs = {}, cannot = [] } = scenario;
  const calls: RunnerCall[] = [];
  const note = (call: RunnerCall): void => void calls.push(call);
  let openedCount = 0;
  return {
    calls,
    manifest: {
      id,
      languages,
      extensions: Object.fromEntries(languages.map((language) => [language, [language]])),
      capabilities: {
        keepsVariables: true,
        readsInput: true,
        showsFigures: false,
        hostFunctions: false,
        network: false,
        liveFiles: 'always',
        ...scenario.capabilities,
      },
      memoryMB: scenario.memoryMB ?? 128,
      cannot,
    },
    warm: () => note({ kind: 'warm' }),
    async openSession({ sessionId }) {
      note({ kind: 'open', sessionId });
      const opening = openings[Math.min(openedCount, openings.length - 1)] ?? 'opens';
      openedCount += 1;
      if (opening === 'never') return new Promise(() => undefined);
      if (typeof opening === 'string' && opening !== 'opens') return fail(appError(opening));
      await opening;
      return ok(openedSession(sessionId, programs, note));
    },
  };
}
