import type { ExecEnd } from '../../../container/machine/index.ts';
import type { CellResult, EngineHost, EngineRequest } from '../../kit/worker/index.ts';
import { type Bash, statusOf } from './bash.ts';
import type { Guest } from './guest.ts';
import type { MemoryBound } from './plan.ts';
import { MissingPrograms, saidOfMissing } from './missing-programs.ts';
import { memoryError, ownFilesError, syntaxErrorOf } from './program-error.ts';
import { runProgram } from './run-program.ts';

const KIB = 1024;
/** bash ends so when it cannot read its program; other programs may too, so it is asked then. */
const SYNTAX_EXIT = 2;
/** And so where the last command of it is not there. */
const NOT_FOUND_EXIT = 127;
/** Of both images. */
const SHELL = '/bin/bash';

export interface ProgramsOptions {
  readonly host: EngineHost;
  readonly guest: Guest;
  readonly image: 'full' | 'small';
  readonly bash: Pick<Bash, 'start' | 'prepare' | 'complaint'>;
  /** What a program may have at most, of so much that was asked for. */
  readonly boundOf: (askedMB: number) => MemoryBound;
  /** What the next program is told; each once. */
  readonly takeNotices: () => readonly string[];
  /** What is said of a machine that was lost. */
  readonly lost: () => Promise<Error>;
}

/** The programs of a session: one after the other, each with what it is told and what it uses. */
export class Programs {
  readonly #options: ProgramsOptions;
  /** What the one that runs was told of the network by now; null while none does. */
  #told: Set<string> | null = null;
  /** Of all before, and of the last. */
  #cpuBeforeMs = 0;
  #cpuMs = 0;
  /** The most memory of the one that runs or ran last. */
  #bytes = 0;

  constructor(options: ProgramsOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Counted from any moment: what it grows by is what counts. */
  waitedMs(): number {
    return performance.now() - this.#cpuBeforeMs - this.#cpuMs;
  }

  /** What tells the program that runs now, each sentence once. Of one that has ended, or of none, nothing stands in another's card. */
  teller(): (sentence: string) => void {
    const asking = this.#told;
    return (sentence) => {
      if (asking === null || asking !== this.#told) return;
      if (!asking.has(sentence)) this.#options.host.notice(sentence);
      asking.add(sentence);
    };
  }

  /** The next one is another: what it uses is counted from here. */
  begin(): void {
    this.#cpuBeforeMs += this.#cpuMs;
    [this.#cpuMs, this.#bytes] = [0, 0];
  }

  /** Runs it. Rejects where the machine is lost. */
  async run({ code, memoryMB: askedMB, isInputGiven, isInputEmpty }: EngineRequest): Promise<CellResult> {
    const { host, guest, image, bash, boundOf, takeNotices, lost } = this.#options;
    const missing = new MissingPrograms();
    const bound = boundOf(askedMB);
    for (const notice of takeNotices()) host.notice(notice);
    this.#told = new Set();
    const end = await runProgram(
      host,
      guest,
      (output) => bash.start({ code, memoryMB: bound.memoryMB, hasNoInput: isInputEmpty }, missing.listening(output)),
      {
        // It has none then: nothing is written to it, and its end needs none.
        isInputGiven: isInputGiven && !isInputEmpty,
        asksForInput: !isInputGiven,
        onUsage: ({ cpuMs, memoryBytes }) => {
          this.#cpuMs = cpuMs;
          this.#bytes = memoryBytes;
        },
      },
    ).finally(() => (this.#told = null));
    if (end.kind === 'lost') throw await lost();
    if ('usage' in end) this.#bytes = end.usage.peakMemoryKiB * KIB;
    if (!endedWell(end) && (await guest.readBytes(SHELL)) === null)
      return { exitCode: statusOf(end), result: null, error: ownFilesError };
    bash.prepare();
    const cell = cellOf(end, bound);
    if (cell.exitCode === NOT_FOUND_EXIT) for (const name of missing.names) host.notice(saidOfMissing(name, image));
    if (cell.exitCode !== SYNTAX_EXIT || host.shouldStop()) return cell;
    const complaint = await bash.complaint(code);
    return complaint === null ? cell : { ...cell, error: syntaxErrorOf(complaint) };
  }
}

const endedWell = (end: ExecEnd): boolean => end.kind === 'exited' && end.code === 0;

function cellOf(end: Exclude<ExecEnd, { kind: 'lost' }>, bound: MemoryBound): CellResult {
  if (end.kind === 'refused') throw new Error(`the guest refused the program: ${end.detail}`);
  const exitCode = statusOf(end);
  const isFull = end.usage.outOfMemoryKills > 0 && exitCode !== 0;
  return { exitCode, result: null, error: isFull ? memoryError(bound) : null };
}
