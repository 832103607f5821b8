import { LIMITS } from '../../../contracts/limits.ts';
import { INPUT_PATH } from '../../../contracts/mailbox.ts';
import type { WorkerEvent, WorkerProgramError } from '../../../contracts/runner-protocol.ts';
import {
  type AskMailbox,
  type Interrupts,
  type KeptFiles,
  type Output,
  sendDisplay,
  type WorkerNetwork,
} from '../../kit/worker/index.ts';
import type { CopiedFiles } from './copied-files.ts';
import type { Packages } from './packages.ts';

export interface RunState {
  stdin: string[] | null;
  displays: number;
  displayUnits: number;
  /** Code of the limit that ends this run, once passed. */
  limit: 'run/output-too-large' | 'run/too-many-artifacts' | null;
}

export interface HostFunctionOptions {
  readonly output: Output;
  readonly kept: Pick<KeptFiles, 'pathFor'>;
  readonly interrupts: Interrupts;
  readonly send: (event: WorkerEvent) => void;
  readonly mailbox: AskMailbox | null;
  readonly state: () => RunState;
  readonly hasPromises: boolean;
  readonly mountPath: string;
  readonly packages: Packages;
  readonly network: WorkerNetwork;
  /** Null where files are live. */
  readonly files: Pick<CopiedFiles, 'isBehind' | 'catchUp'> | null;
  /** Of the memory cap. */
  readonly refusals: () => number;
  /** Asks the host for an image by message. */
  readonly askImage: (name: string) => void;
}

type Wake = (isStopped: boolean) => void;

export interface HostFunctions {
  /** The object that Python sees; copied by name, so it holds functions and plain values only. */
  readonly lent: object;
  /** Settles a wait that goes by promise; false when nothing waits. */
  wake(): boolean;
  answer(text: string | null): void;
  image(name: string, bytes: Uint8Array | null): void;
}

/** Everything that Python asks of its worker, by the names that support/companion_runtime uses. */
export function createHostFunctions(options: HostFunctionOptions): HostFunctions {
  const { output, interrupts, send, mailbox, packages } = options;
  const { setTimeout, clearTimeout } = globalThis;
  const encoder = new TextEncoder();
  let wakeSleep: Wake | null = null;
  const wantedImages = new Map<string, (bytes: Uint8Array | null) => void>();
  let endCatchingUp: (() => void) | null = null;
  let giveAnswer: ((text: string | true | null) => void) | null = null;

  const limitBy = (code: NonNullable<RunState['limit']>): string => {
    const state = options.state();
    if (!state.limit) {
      state.limit = code;
      send({ kind: 'limit', code });
    }
    return code;
  };
  /** What an import brings in may take a second: the card says how far it is. */
  const tellPackages = (done: number, total: number): void => {
    if (total > 0) send({ kind: 'packages', done, total });
  };
  const emit = (json: string): string | undefined => {
    const state = options.state();
    const event = JSON.parse(json) as WorkerEvent;
    output.flush();
    if (event.kind !== 'display') {
      send(event);
      return undefined;
    }
    state.displays += 1;
    state.displayUnits += json.length;
    if (state.displays > LIMITS.artifactCount.standard || state.displayUnits > LIMITS.artifactBytes.standard) {
      return limitBy('run/too-many-artifacts');
    }
    sendDisplay(send, event);
    return undefined;
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
    refusals: () => options.refusals(),
    takeInterrupt: () => interrupts.take(),
    /** Undefined asks the person; false is the end. JavaScript's null would be no None in Python, here and below. */
    nextGiven: (): string | false | undefined => {
      const { stdin } = options.state();
      return stdin === null ? undefined : (stdin.shift() ?? false);
    },
    sleep: (seconds: number) => {
      output.flush();
      interrupts.wait(seconds * 1000);
    },
    /** In an object: Pyodide would make a bare promise into a future of an event loop that no longer runs. */
    sleepPromise: (seconds: number): { promise: Promise<boolean> } => {
      output.flush();
      const ms = Math.min(seconds * 1000, interrupts.remainingMs() + 1, 0x7fffffff);
      const endWait = interrupts.beginWait(ms);
      const promise = new Promise<boolean>((settle) => {
        const finish: Wake = (isStopped) => {
          endWait();
          clearTimeout(timer);
          wakeSleep = null;
          interrupts.look();
          // Stopped by time only where the run will say so: both read the same clock once.
          settle(isStopped || interrupts.isTimedOut);
        };
        const timer = setTimeout(() => finish(false), ms);
        wakeSleep = finish;
      });
      return { promise };
    },
    ask: (prompt: string, isSecret: boolean): string | undefined => {
      output.flush();
      if (!mailbox) return undefined;
      send({ kind: 'input', prompt: prompt.slice(0, 10_000), isSecret });
      const isAnswered = interrupts.waitForPerson();
      const answer = mailbox({ op: 'read', path: INPUT_PATH, position: 0, length: LIMITS.inputBytes.standard });
      isAnswered();
      return answer.errno ? undefined : new TextDecoder().decode(answer.bytes.slice());
    },
    askPromise: (prompt: string, isSecret: boolean): { promise: Promise<string | boolean> } => {
      output.flush();
      send({ kind: 'input', prompt: prompt.slice(0, 10_000), isSecret });
      const promise = new Promise<string | boolean>((settle) => {
        const isAnswered = interrupts.waitForPerson();
        giveAnswer = (text) => {
          isAnswered();
          giveAnswer = null;
          // JavaScript's null is no Python value of its own: false stands for the end of the input.
          settle(text ?? false);
        };
      });
      return { promise };
    },
    /** Blocks; with shared memory only. JSON to JSON, see contracts/network.ts. */
    network: (request: string): string | undefined => {
      output.flush();
      const endWait = interrupts.beginWait();
      const answer = options.network.askSync(request) ?? undefined;
      endWait();
      return answer;
    },
    networkPromise: (request: string): { promise: Promise<string> } => {
      output.flush();
      const endWait = interrupts.beginWait();
      return { promise: options.network.ask(request).finally(endWait) };
    },
    isBehind: () => options.files?.isBehind ?? false,
    /** Waits until the host has taken what the program wrote; true where Stop came first. */
    catchUpPromise: (): { promise: Promise<boolean> } => {
      output.flush();
      const endWait = interrupts.beginWait();
      const stopped = new Promise<boolean>((settle) => (endCatchingUp = () => settle(true)));
      const caughtUp = options.files?.catchUp().then(() => {
        interrupts.look();
        return interrupts.isTimedOut;
      });
      const promise = Promise.race([stopped, caughtUp ?? false]).finally(() => {
        endWait();
        endCatchingUp = null;
      });
      return { promise };
    },
    hasPackage: (module: string) => packages.has(module),
    /** True when the package's files are all here now. */
    fetchPackage: (module: string): boolean => {
      const images = packages.missing(module);
      try {
        for (const [done, image] of images.entries()) {
          tellPackages(done, images.length);
          const block = packages.read(image);
          if (!block) return false;
          packages.mount(image, block);
        }
        return true;
      } finally {
        // Also where one is missing: the program may go on without it.
        tellPackages(images.length, images.length);
      }
    },
    fetchPackagePromise: (module: string): { promise: Promise<boolean> } => {
      const fetchAll = async (): Promise<boolean> => {
        const images = packages.missing(module);
        try {
          for (const [done, image] of images.entries()) {
            tellPackages(done, images.length);
            const block = await new Promise<Uint8Array | null>((settle) => {
              wantedImages.set(image, settle);
              options.askImage(image);
            });
            if (!block) return false;
            packages.mount(image, block);
          }
          return true;
        } finally {
          tellPackages(images.length, images.length);
        }
      };
      return { promise: fetchAll() };
    },
    /** Keeps a derived file beside the person's own; `name` is its alone in this run. Returns its absolute path. */
    save: (name: string, text: string, mime: string, kind: 'figure' | null): string => {
      const path = options.kept.pathFor(name);
      const bytes = encoder.encode(text);
      // The bytes are handed over, not copied, by the message that carries them.
      const size = bytes.length;
      const absolute = `${options.mountPath}/${path}`;
      send({ kind: 'fileOut', change: { op: 'write', path, position: 0, bytes, truncateTo: size } });
      if (kind) send({ kind: 'artifact', artifact: { kind, name, path: absolute, mime, bytes: size } });
      return absolute;
    },
  };
  return {
    lent,
    wake() {
      const isWaiting = wakeSleep !== null || giveAnswer !== null || endCatchingUp !== null;
      wakeSleep?.(true);
      endCatchingUp?.();
      giveAnswer?.(true);
      return isWaiting;
    },
    answer: (text) => giveAnswer?.(text),
    image(name, bytes) {
      wantedImages.get(name)?.(bytes);
      wantedImages.delete(name);
    },
  };
}

/** What Python's `execute` returns, before it is made into events. */
export interface CellResult {
  readonly exitCode: number;
  readonly result: string | null;
  readonly error: WorkerProgramError | null;
  readonly limit: string | null;
}
