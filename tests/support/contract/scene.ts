import type { SessionFiles } from '../../../src/contracts/files.ts';
import type { AskNetwork } from '../../../src/contracts/network.ts';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { RunEvent } from '../../../src/contracts/run.ts';
import type { RunnerManifest, RunnerSession, RunPhase } from '../../../src/contracts/runner.ts';
import type { ContractPrograms } from './programs/contract-programs.ts';

/** One runner in one place (threads of Node, boxes of a browser). Knows nothing of a test runner. */
export interface ContractWorld {
  readonly manifest: RunnerManifest;
  readonly programs: ContractPrograms;
  /** Whether a box's worker shares memory with the host here. */
  readonly hasSharedMemory: boolean;
  /** An empty tree. */
  makeTree(): SessionFiles;
  /** A fresh session over this tree; the suite disposes of it. */
  open(tree: SessionFiles): Promise<RunnerSession>;
  /** What is still there of the sessions that were disposed of: frames, workers, ports. Waits until it has settled. */
  left(): Promise<readonly string[]>;
}

export interface RunnerCase {
  readonly name: string;
  /** By shared memory where there is some, by another way where there is none: every engine shows it in each place. */
  readonly isOfPlace?: true;
  /** Throws an Error that says what is wrong. */
  run(scene: Scene): Promise<void>;
}

/** Of a program that is to end by itself; a machine with much else to do may need long for it. */
const HANG_MS = 90_000;

interface RunOptions {
  readonly timeMs?: number;
  readonly memoryMB?: number;
  readonly stdin?: readonly string[] | null;
  readonly network?: AskNetwork;
  readonly onEvent?: (event: RunEvent, stop: () => void) => void;
  readonly onPhase?: (phase: RunPhase) => void;
}

export interface Ran {
  readonly outcome: Outcome;
  readonly events: readonly RunEvent[];
  readonly stdout: string;
  readonly stderr: string;
}

/** One case's sessions; `end` disposes of all of them. */
export class Scene {
  readonly world: ContractWorld;
  readonly programs: ContractPrograms;
  readonly #sessions: RunnerSession[] = [];

  constructor(world: ContractWorld) {
    this.world = world;
    this.programs = world.programs;
  }

  async open(tree: SessionFiles = this.world.makeTree()): Promise<OpenSession> {
    const session = await this.world.open(tree);
    this.#sessions.push(session);
    return new OpenSession(session, tree, this.world);
  }

  end(): void {
    for (const session of this.#sessions.splice(0)) session.dispose();
  }
}

export class OpenSession {
  readonly session: RunnerSession;
  readonly tree: SessionFiles;
  readonly #world: ContractWorld;

  constructor(session: RunnerSession, tree: SessionFiles, world: ContractWorld) {
    this.session = session;
    this.tree = tree;
    this.#world = world;
  }

  async run(code: string, options: RunOptions = {}): Promise<Ran> {
    const stop = new AbortController();
    const events: RunEvent[] = [];
    const { manifest, programs } = this.#world;
    const outcome = await this.session.execute(
      {
        language: programs.language,
        code,
        stdin: options.stdin === undefined ? [] : options.stdin,
        limits: { timeMs: options.timeMs ?? HANG_MS, memoryMB: options.memoryMB ?? manifest.memoryMB },
      },
      {
        signal: stop.signal,
        ...(options.network === undefined ? {} : { network: options.network }),
        ...(options.onPhase === undefined ? {} : { onPhase: options.onPhase }),
        onEvent: (event) => {
          events.push(event);
          options.onEvent?.(event, () => stop.abort());
        },
      },
    );
    const printed = (stream: 'stdout' | 'stderr'): string =>
      events.map((event) => (event.kind === 'output' && event.stream === stream ? event.text : '')).join('');
    return { outcome, events, stdout: printed('stdout'), stderr: printed('stderr') };
  }

  /** Runs a program that must end well; gives what it printed. */
  async printed(code: string): Promise<string> {
    const { outcome, stdout } = await this.run(code);
    if (outcome.kind !== 'completed' || outcome.error || outcome.exitCode !== 0)
      throw new Error(`the program did not end well: ${JSON.stringify(outcome)}\n${code}`);
    return stdout;
  }

  async put(path: string, text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    const answer = await this.tree.perform({ op: 'write', path, position: 0, bytes, truncateTo: 0 });
    if (!answer.ok) throw new Error(`${path}: ${answer.errno}`);
  }

  async text(path: string): Promise<string | null> {
    const answer = await this.tree.perform({ op: 'read', path, position: 0, length: 1_000_000 });
    return answer.ok ? new TextDecoder().decode(answer.bytes) : null;
  }
}

export function same(actual: unknown, wanted: unknown, what: string): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`);
}

export function holds(isTrue: boolean, what: string, seen: unknown = null): void {
  if (!isTrue) throw new Error(`${what}${seen === null ? '' : `: ${JSON.stringify(seen)?.slice(0, 2_000)}`}`);
}

/** Whether programs see there at once what others write, as the runner's manifest says. */
export const isLiveIn = (manifest: RunnerManifest, hasSharedMemory: boolean): boolean =>
  hasSharedMemory || manifest.capabilities.liveFiles === 'always';

/** A program that the language cannot say: its case must be an exception. */
export function said(program: string | null): string {
  if (program === null) throw new Error('the language has no program for this');
  return program;
}

/** Whether a run can be stopped without losing variables must be said truly. */
export function sameLife({ session }: OpenSession, outcome: Outcome): void {
  const isLost = 'sessionLost' in outcome && outcome.sessionLost;
  same(session.isAlive, !isLost, 'what the outcome says of the session');
}
