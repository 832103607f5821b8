import { ok, fail } from '../../src/base/index.ts';
import type { BoxOpener } from '../../src/contracts/box.ts';
import { appError } from '../../src/contracts/errors.ts';
import type { SessionFiles } from '../../src/contracts/files.ts';
import type { SessionId } from '../../src/contracts/ids.ts';
import type { Outcome } from '../../src/contracts/outcome.ts';
import type { RunEvent } from '../../src/contracts/run.ts';
import type { ExecuteRequest, Runner, RunnerSession, RunPhase } from '../../src/contracts/runner.ts';

export const completed: Outcome = {
  kind: 'completed',
  exitCode: 0,
  result: null,
  error: null,
  timeMs: 1,
  memoryBytes: 1_000,
};

/** One call of `execute`, in the hands of the test. */
export interface Execution {
  readonly sessionId: SessionId;
  readonly request: ExecuteRequest;
  readonly signal: AbortSignal;
  emit(event: RunEvent): void;
  enter(phase: RunPhase): void;
  finish(outcome?: Outcome): void;
  throwError(error: unknown): void;
}

export interface ScriptedRunner extends Runner {
  readonly executions: readonly Execution[];
  readonly answers: readonly (string | null)[];
  readonly opened: readonly SessionId[];
  readonly disposed: readonly SessionId[];
  /** Settles when so many executions have begun. */
  begun(count: number): Promise<Execution>;
  /** What `openSession` does next; `never` leaves it hanging. */
  nextOpening: 'opens' | 'fails' | 'throws' | 'never';
  /** Whether programs begin as soon as they are asked for; else each does when the test says `working`. */
  beginsAtOnce: boolean;
  warmed: number;
}

/** A runner that does what the test says; nothing by itself. */
export function createScriptedRunner(): ScriptedRunner {
  const executions: Execution[] = [];
  const answers: (string | null)[] = [];
  const opened: SessionId[] = [];
  const disposed: SessionId[] = [];
  const waiting = new Set<() => void>();

  const openedSession = (sessionId: SessionId): RunnerSession => {
    let isAlive = true;
    return {
      execute: (request, { signal, onEvent, onPhase }) =>
        new Promise((resolve, reject) => {
          const enter = (phase: RunPhase) => onPhase?.(phase);
          if (runner.beginsAtOnce) enter('working');
          executions.push({
            sessionId,
            request,
            signal,
            emit: onEvent,
            enter,
            finish: (outcome = completed) => resolve(outcome),
            throwError: reject,
          });
          for (const look of waiting) look();
        }),
      answerInput: (text) => void answers.push(text),
      validate: async () => ok(null),
      memoryBytes: 1_000,
      isResting: false,
      isResumed: false,
      saved: null,
      get isAlive() {
        return isAlive;
      },
      dispose() {
        if (isAlive) disposed.push(sessionId);
        isAlive = false;
      },
    };
  };

  const runner: ScriptedRunner = {
    manifest: {
      id: 'scripted',
      languages: ['python', 'shell'],
      extensions: { python: ['py'], shell: ['sh'] },
      capabilities: {
        keepsVariables: true,
        readsInput: true,
        showsFigures: false,
        hostFunctions: false,
        network: false,
        liveFiles: 'always',
      },
      memoryMB: 256,
      cannot: [],
    },
    executions,
    answers,
    opened,
    disposed,
    nextOpening: 'opens',
    beginsAtOnce: true,
    warmed: 0,
    begun: (count) =>
      new Promise((resolve) => {
        const look = () => {
          const found = executions[count - 1];
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    warm() {
      runner.warmed += 1;
    },
    async openSession({ sessionId }) {
      opened.push(sessionId);
      const opening = runner.nextOpening;
      if (opening === 'throws') throw new Error('a bug');
      if (opening === 'fails') return fail(appError('box/self-test-failed', 'fetch'));
      return opening === 'never' ? new Promise(() => undefined) : ok(openedSession(sessionId));
    },
  };
  return runner;
}

export const noBoxes: BoxOpener = {
  open: async () => fail(appError('box/lost')),
  warm: () => undefined,
};

export const noFiles: SessionFiles = {
  mountPath: '/mnt/data',
  perform: async () => ({ ok: false, errno: 'ENOENT' }),
  all: async () => [],
  onChange: () => undefined,
};
