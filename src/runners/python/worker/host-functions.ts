import { LIMITS } from '../../../contracts/limits.ts';
import type { WorkerEvent, WorkerProgramError } from '../../../contracts/runner-protocol.ts';
import type { AskMailbox } from './mailbox.ts';
import type { Interrupts } from './interrupts.ts';
import type { Output } from './output.ts';

/** Where the runner answers `input()` through the mailbox; no file of this name exists. */
export const INPUT_PATH = '.companion/input';

export interface RunState {
  stdin: string[] | null;
  displays: number;
  displayUnits: number;
  /** Code of the limit that ends this run, once passed. */
  limit: 'run/output-too-large' | 'run/too-many-artifacts' | null;
}

export interface HostFunctionOptions {
  readonly output: Output;
  readonly interrupts: Interrupts;
  readonly send: (event: WorkerEvent) => void;
  readonly mailbox: AskMailbox | null;
  readonly state: () => RunState;
  readonly checkInterrupt: () => void;
  readonly hasPromises: boolean;
  readonly mountPath: string;
}

type Wake = (isStopped: boolean) => void;

export interface HostFunctions {
  /** The object that Python sees; copied by name, so it holds functions and plain values only. */
  readonly lent: object;
  /** Settles a wait that goes by promise; false when nothing waits. */
  wake(): boolean;
  answer(text: string | null): void;
}

/** Everything that Python asks of its worker, by the names that support/companion_runtime uses. */
export function createHostFunctions(options: HostFunctionOptions): HostFunctions {
  const { output, interrupts, send, mailbox } = options;
  const { setTimeout, clearTimeout } = globalThis;
  const encoder = new TextEncoder();
  let wakeSleep: Wake | null = null;
  let giveAnswer: ((text: string | true | null) => void) | null = null;

  const limitBy = (code: NonNullable<RunState['limit']>): string => {
    const state = options.state();
    if (!state.limit) {
      state.limit = code;
      send({ kind: 'limit', code });
    }
    return code;
  };
  const emit = (json: string): string | null => {
    const state = options.state();
    const event = JSON.parse(json) as WorkerEvent;
    if (event.kind === 'display') {
      state.displays += 1;
      state.displayUnits += json.length;
      if (state.displays > LIMITS.artifactCount.standard || state.displayUnits > LIMITS.artifactBytes.standard) {
        return limitBy('run/too-many-artifacts');
      }
    }
    output.flush();
    send(event);
    return null;
  };
  const lent = {
    waits: interrupts.isShared ? 'shared' : options.hasPromises ? 'promise' : 'none',
    emit,
    write: (stream: 1 | 2, text: string): boolean => {
      if (output.write(stream, text)) return false;
      limitBy('run/output-too-large');
      return true;
    },
    flush: () => output.flush(),
    mask: (isMasked: boolean) => interrupts.mask(isMasked),
    isStopping: () => interrupts.isStopping(),
    checkInterrupt: () => options.checkInterrupt(),
    nextGiven: (): string | false | null => {
      const { stdin } = options.state();
      return stdin === null ? null : (stdin.shift() ?? false);
    },
    sleep: (seconds: number) => {
      output.flush();
      interrupts.wait(seconds * 1000);
    },
    sleepPromise: (seconds: number): Promise<boolean> => {
      output.flush();
      const ms = Math.min(seconds * 1000, interrupts.remainingMs() + 1, 0x7fffffff);
      return new Promise((settle) => {
        const finish: Wake = (isStopped) => {
          clearTimeout(timer);
          wakeSleep = null;
          interrupts.buffer[0];
          settle(isStopped);
        };
        const timer = setTimeout(() => finish(interrupts.remainingMs() <= 0), ms);
        wakeSleep = finish;
      });
    },
    ask: (prompt: string, isSecret: boolean): string | null => {
      output.flush();
      if (!mailbox) return null;
      send({ kind: 'input', prompt: prompt.slice(0, 10_000), isSecret });
      const answer = mailbox({ op: 'read', path: INPUT_PATH, position: 0, length: LIMITS.inputBytes.standard });
      return answer.errno ? null : new TextDecoder().decode(answer.bytes.slice());
    },
    askPromise: (prompt: string, isSecret: boolean): Promise<string | boolean> => {
      output.flush();
      send({ kind: 'input', prompt: prompt.slice(0, 10_000), isSecret });
      return new Promise((settle) => {
        const timer = setTimeout(() => giveAnswer?.(true), Math.min(interrupts.remainingMs() + 1, 0x7fffffff));
        giveAnswer = (text) => {
          clearTimeout(timer);
          giveAnswer = null;
          // JavaScript's null is no Python value of its own: false stands for the end of the input.
          settle(text ?? false);
        };
      });
    },
    /** Keeps a derived file beside the person's own; returns its absolute path. */
    save: (name: string, text: string, mime: string, kind: 'figure' | null): string => {
      const path = `.output/${name.replaceAll(/[/\\]/gu, '-')}`;
      const bytes = encoder.encode(text);
      const absolute = `${options.mountPath}/${path}`;
      send({ kind: 'fileOut', change: { op: 'mkdir', path: '.output' } });
      send({ kind: 'fileOut', change: { op: 'write', path, position: 0, bytes, truncateTo: bytes.length } });
      if (kind) send({ kind: 'artifact', artifact: { kind, name, path: absolute, mime, bytes: bytes.length } });
      return absolute;
    },
  };
  return {
    lent,
    wake() {
      const isWaiting = wakeSleep !== null || giveAnswer !== null;
      wakeSleep?.(true);
      giveAnswer?.(true);
      return isWaiting;
    },
    answer: (text) => giveAnswer?.(text),
  };
}

/** What Python's `execute` returns, before it is made into events. */
export interface CellResult {
  readonly exitCode: number;
  readonly result: string | null;
  readonly error: WorkerProgramError | null;
  readonly limit: string | null;
}
