import type { Exec } from '../../../container/machine/index.ts';
import type { ReadGuestFile } from './stdin.ts';

const EVERY_MS = 900;
/** Of its bound: what the group cannot give back. What is left must hold the pages of all files that it uses, its own code too. */
const FULL_SHARE = 0.97;
/** Looks in a row: a program may be so near its bound for a moment. */
const LOOKS = 3;

/**
 * Whether a program's memory is full though Linux has not ended it. Without swap Linux takes away, and reads from the disk
 * again, the pages of the program's own code, as long as one is left: seconds here, minutes on a slow device.
 */
export class MemoryWatch {
  readonly #group: Promise<string>;
  readonly #readFile: ReadGuestFile;
  #nextAtMs = performance.now() + EVERY_MS;
  #isLooking = false;
  /** How often it was at its bound. */
  #timesAtBound = 0;
  #fullLooks = 0;

  constructor(exec: Pick<Exec, 'started'>, readFile: ReadGuestFile) {
    this.#group = exec.started.then((start) => `/sys/fs/cgroup/x${start?.group}`);
    this.#readFile = readFile;
  }

  get isFull(): boolean {
    return this.#fullLooks >= LOOKS;
  }

  /** Called often; asks the guest now and then. */
  async look(): Promise<void> {
    if (this.#isLooking || performance.now() < this.#nextAtMs) return;
    this.#isLooking = true;
    this.#fullLooks = (await this.#isFullNow()) ? this.#fullLooks + 1 : 0;
    this.#isLooking = false;
    // After the answer: those that a slow guest gives late must not tell of one moment.
    this.#nextAtMs = performance.now() + EVERY_MS;
  }

  async #isFullNow(): Promise<boolean> {
    // One question where nothing is wrong. A program that stands still near its bound meets it no more.
    const before = this.#timesAtBound;
    this.#timesAtBound = numberOf(await this.#read('memory.events'), 'max');
    if (this.#timesAtBound <= before) return false;
    const [bound, stat] = await Promise.all([this.#read('memory.max'), this.#read('memory.stat')]);
    const keptBytes = ['anon', 'shmem', 'kernel'].reduce((sum, key) => sum + numberOf(stat, key), 0);
    return keptBytes - numberOf(stat, 'slab_reclaimable') >= Number.parseInt(bound, 10) * FULL_SHARE;
  }

  async #read(file: string): Promise<string> {
    return (await this.#readFile(`${await this.#group}/${file}`)) ?? '';
  }
}

/** Of a line of cgroup v2's flat keyed files (`anon 4096`); 0 where there is none. */
const numberOf = (text: string, key: string): number =>
  Number(new RegExp(`^${key} (\\d+)$`, 'mu').exec(text)?.[1] ?? 0);
