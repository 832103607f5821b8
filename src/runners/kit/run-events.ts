import { holdText } from '../../base/index.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Artifact, RunEvent } from '../../contracts/run.ts';
import type { WorkerEvent } from '../../contracts/runner-protocol.ts';

type Passing = Extract<
  WorkerEvent,
  { kind: 'output' | 'truncated' | 'display' | 'artifact' | 'input' | 'notice' | 'usage' | 'packages' }
>;
type ClaimedArtifact = Extract<WorkerEvent, { kind: 'artifact' }>['artifact'];

/** One flush a frame at 60 Hz. */
const FLUSH_MS = 17;
/** Derived files (an SVG beside each figure) come on top of what the program made itself. */
const ARTIFACTS_MOST = LIMITS.artifactCount.standard * 3;
const NOTICES_MOST = 100;

/** Events of one run on their way out: output sent at most 60 times a second, everything else bounded and in order. */
export class RunEvents {
  readonly #run: number;
  readonly #emit: (event: RunEvent) => void;
  readonly #held = holdText<'stdout' | 'stderr'>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sentAtMs = 0;
  #shownUnits = 0;
  #artifacts = 0;
  #displays = 0;
  #notices = 0;
  #isTruncated = false;

  constructor(run: number, emit: (event: RunEvent) => void) {
    this.#run = run;
    this.#emit = emit;
  }

  /** False when the worker says more than any honest one would. */
  pass(event: Passing): boolean {
    if (event.kind === 'output') return this.#output(event.stream, event.text);
    if (event.kind === 'usage') {
      this.#emit(event);
      return true;
    }
    this.flush();
    switch (event.kind) {
      case 'truncated':
        if (!this.#isTruncated) this.#emit({ ...event, path: event.path === null ? null : `/mnt/data/${event.path}` });
        this.#isTruncated = true;
        return true;
      case 'display':
        return this.#display(event);
      case 'artifact':
        this.#emit({ kind: 'artifact', artifact: this.#artifact(event.artifact) });
        return this.#artifacts <= ARTIFACTS_MOST;
      case 'notice':
        this.#notices += 1;
        if (this.#notices <= NOTICES_MOST) this.#emit(event);
        return true;
      case 'packages':
        this.#emit({ kind: 'progress', step: 'packages', done: event.done, total: event.total }); // bounded for all runners at once
        return true;
      case 'input':
        this.#emit(event);
        return true;
    }
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#held.utf16 === 0) return;
    this.#sentAtMs = performance.now();
    for (const { stream, text } of this.#held.take()) this.#emit({ kind: 'output', stream, text });
  }

  #output(stream: 'stdout' | 'stderr', text: string): boolean {
    this.#shownUnits += text.length;
    // An honest worker cuts at the bound itself; twice as much is a forgery and is not shown.
    if (this.#shownUnits > LIMITS.outputForgedUtf16.standard * 2) return true;
    this.#held.add(stream, text);
    const waitMs = this.#sentAtMs + FLUSH_MS - performance.now();
    if (waitMs <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs);
    return true;
  }

  #display(event: Extract<WorkerEvent, { kind: 'display' }>): boolean {
    this.#displays += 1;
    const artifact = event.artifact ? this.#artifact(event.artifact) : null;
    this.#emit({
      kind: 'display',
      display: { id: `${this.#run}-display-${this.#displays}`, data: event.data, table: event.table, artifact },
    });
    return this.#displays <= ARTIFACTS_MOST;
  }

  #artifact(claimed: ClaimedArtifact): Artifact {
    this.#artifacts += 1;
    // What a worker says about a path is a claim; only the session's own tree can be meant.
    const path = claimed.path?.startsWith('/mnt/data/') ? claimed.path : null;
    return { id: `${this.#run}-artifact-${this.#artifacts}`, ...claimed, path };
  }
}
