import type { Exec } from '../../../container/machine/index.ts';
import type { ReadGuestFile } from './stdin.ts';

/** A little more often than it is told of. */
const EVERY_MS = 900;

/** What a program uses of the processor, as the guest counts it. */
export class ProcessorTime {
  readonly #exec: Exec;
  readonly #readFile: ReadGuestFile;
  readonly #tell: (ms: number) => void;
  #nextAtMs = performance.now() + EVERY_MS;

  constructor(exec: Exec, readFile: ReadGuestFile, tell: (ms: number) => void) {
    this.#exec = exec;
    this.#readFile = readFile;
    this.#tell = tell;
  }

  /** Called often; asks the guest now and then. */
  async look(): Promise<void> {
    if (performance.now() < this.#nextAtMs) return;
    this.#nextAtMs = performance.now() + EVERY_MS;
    const text = await this.#readFile(`/sys/fs/cgroup/x${this.#exec.id}/cpu.stat`);
    const used = /^usage_usec (\d+)$/m.exec(text ?? '')?.[1];
    if (used !== undefined) this.#tell(Number(used) / 1000);
  }
}
