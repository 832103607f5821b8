import type { Exec } from '../../../container/machine/index.ts';
import type { ReadGuestFile } from './stdin.ts';

/** A little more often than it is told of. */
const EVERY_MS = 900;

export interface ProgramUsed {
  /** Of the processor, so far. */
  readonly cpuMs: number;
  /** The most that it had so far. */
  readonly memoryBytes: number;
}

/** What a program uses of its machine, as the guest counts it. */
export class ProgramUsage {
  readonly #exec: Pick<Exec, 'started'>;
  readonly #readFile: ReadGuestFile;
  readonly #tell: (used: ProgramUsed) => void;
  #nextAtMs = performance.now() + EVERY_MS;

  constructor(exec: Pick<Exec, 'started'>, readFile: ReadGuestFile, tell: (used: ProgramUsed) => void) {
    this.#exec = exec;
    this.#readFile = readFile;
    this.#tell = tell;
  }

  /** Called often; asks the guest now and then. */
  async look(): Promise<void> {
    if (performance.now() < this.#nextAtMs) return;
    this.#nextAtMs = performance.now() + EVERY_MS;
    const start = await this.#exec.started;
    if (start === null) return;
    const files = ['cpu.stat', 'memory.peak'].map((name) => this.#readFile(`/sys/fs/cgroup/x${start.group}/${name}`));
    const [cpu, peak] = await Promise.all(files);
    const usedUs = /^usage_usec (\d+)$/m.exec(cpu ?? '')?.[1];
    if (usedUs !== undefined && peak)
      this.#tell({ cpuMs: Number(usedUs) / 1000 - start.cpuBeforeMs, memoryBytes: Number.parseInt(peak, 10) });
  }
}
