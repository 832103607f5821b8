import { fail, ok } from '../../src/base/index.ts';
import { type AppErrorCode, appError } from '../../src/contracts/errors.ts';
import type { SessionId } from '../../src/contracts/ids.ts';
import type { Outcome } from '../../src/contracts/outcome.ts';
import type { Language, RunLimits } from '../../src/contracts/run.ts';
import type { ExecuteRequest, Runner, RunnerManifest, RunnerSession } from '../../src/contracts/runner.ts';

/** What a program of a scenario does. No clock is asked: what it takes is compared with its limits. */
export interface ProgramScenario {
  readonly prints?: readonly string[];
  readonly result?: string;
  /** It ends with an error of its own, by this name. */
  readonly raises?: string;
  readonly takesMs?: number;
  readonly takesMB?: number;
  /** It asks for input, and prints the answer. */
  readonly asks?: string;
  /** `stop`: goes on until it is stopped. `worker-dies`: its engine is lost. `bug`: the runner itself throws. */
  readonly ends?: 'stop' | 'worker-dies' | 'bug';
}

/** A runner by what it has and does; what is left out is the usual. */
export interface RunnerScenario {
  readonly id?: string;
  readonly languages?: readonly Language[];
  readonly capabilities?: Partial<RunnerManifest['capabilities']>;
  readonly memoryMB?: number;
  /** What its engines do when they are opened, one after another; the last one stands for all further ones. */
  readonly openings?: readonly ('opens' | 'never' | AppErrorCode)[];
  /** By the code of the program; every other one prints nothing and ends well. */
  readonly programs?: Readonly<Record<string, ProgramScenario>>;
}

/** Everything that was asked of the runner, in order. */
export type RunnerCall =
  | { readonly kind: 'open' | 'dispose'; readonly sessionId: SessionId }
  | { readonly kind: 'execute'; readonly sessionId: SessionId; readonly code: string; readonly limits: RunLimits }
  | { readonly kind: 'answer'; readonly text: string | null };

export interface ScenarioRunner extends Runner {
  readonly calls: readonly RunnerCall[];
}

const MB = 1024 * 1024;
const REST = { timeMs: 0, memoryBytes: 0 };

function endOf(program: ProgramScenario, { limits }: ExecuteRequest): Outcome {
  const { takesMs = 1, takesMB = 1, raises, result = null } = program;
  const taken = { timeMs: Math.min(takesMs, limits.timeMs), memoryBytes: takesMB * MB };
  if (takesMs > limits.timeMs) return { kind: 'timedOut', limitMs: limits.timeMs, sessionLost: false, ...taken };
  const full = takesMB > limits.memoryMB ? 'MemoryError' : null;
  const title = full ?? raises ?? null;
  if (title === null) return { kind: 'completed', exitCode: 0, result, error: null, ...taken };
  const code = full === null ? 'python/exception' : 'python/memory';
  const error = { code, title, message: '', traceback: null, line: 1, column: null, suggestions: [] } as const;
  return { kind: 'completed', exitCode: 1, result: null, error, ...taken };
}

/**
 * A runner that plays a scenario at once, for tests of what surrounds runners:
 * `createScenarioRunner({ openings: ['runner/start-failed', 'opens'], programs: { spin: { ends: 'stop' } } })`.
 * Where a test must hold the moment of each event in its hands, `createScriptedRunner` does that.
 */
export function createScenarioRunner(scenario: RunnerScenario = {}): ScenarioRunner {
  const { id = 'scenario', languages = ['python'], openings = ['opens'], programs = {} } = scenario;
  const calls: RunnerCall[] = [];
  let openedCount = 0;

  const openSession = (sessionId: SessionId): RunnerSession => {
    let isAlive = true;
    let answer: ((text: string | null) => void) | null = null;
    const waitForAnswer = (): Promise<string | null> => new Promise((resolve) => (answer = resolve));
    return {
      async execute(request, { signal, onEvent, onPhase }) {
        const { code, limits } = request;
        calls.push({ kind: 'execute', sessionId, code, limits });
        const program = programs[code] ?? {};
        const print = (text: string): void => onEvent({ kind: 'output', stream: 'stdout', text });
        onEvent({ kind: 'state', state: 'running' });
        onPhase?.('working');
        for (const text of program.prints ?? []) print(text);
        if (program.asks !== undefined) {
          onEvent({ kind: 'input', prompt: program.asks, isSecret: false });
          print((await waitForAnswer()) ?? '');
        }
        if (program.ends === 'bug') throw new Error('a bug of the runner');
        if (program.ends === 'worker-dies') {
          isAlive = false;
          return { kind: 'crashed', code: 'runner/killed', detail: null, sessionLost: true, ...REST };
        }
        if (program.ends === 'stop') {
          await new Promise<void>((resolve) => {
            if (signal.aborted) resolve();
            else signal.addEventListener('abort', () => resolve(), { once: true });
          });
          return { kind: 'cancelled', by: 'person', sessionLost: false, ...REST };
        }
        return endOf(program, request);
      },
      answerInput(text) {
        calls.push({ kind: 'answer', text });
        answer?.(text);
      },
      validate: async () => ok(null),
      memoryBytes: MB,
      isResting: false,
      isResumed: false,
      saved: null,
      get isAlive() {
        return isAlive;
      },
      dispose() {
        calls.push({ kind: 'dispose', sessionId });
        isAlive = false;
      },
    };
  };

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
      cannot: [],
    },
    warm: () => undefined,
    async openSession({ sessionId }) {
      calls.push({ kind: 'open', sessionId });
      const opening = openings[Math.min(openedCount, openings.length - 1)] ?? 'opens';
      openedCount += 1;
      if (opening === 'never') return new Promise(() => undefined);
      return opening === 'opens' ? ok(openSession(sessionId)) : fail(appError(opening));
    },
  };
}
