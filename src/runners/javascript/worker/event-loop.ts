import type { EngineHost } from '../../kit/worker/index.ts';
import type { GuestVm } from './guest-vm.ts';
import type { OpenAnswers } from './pending.ts';
import type { Timers } from './timers.ts';

/** A wait this short is not worth giving the worker's own loop the turn for. */
const TURN_MS = 1;

export type LoopEnd = 'done' | 'stopped' | 'rejected';

export interface Loop {
  readonly host: EngineHost;
  readonly vm: GuestVm;
  readonly timers: Timers;
  readonly answers: OpenAnswers;
  readonly shouldStop: () => boolean;
  /** True where an error that nobody caught ends the run. */
  readonly hasFailed: () => boolean;
  /** True where the rest may wait for later. */
  readonly isOver?: () => boolean;
}

/**
 * Runs what a program left to be done: jobs, then due timers one by one with their jobs, then answers, as Node does. Ends
 * when nothing is left, when the run must end, or at the first error that nobody caught.
 */
export async function runLoop(loop: Loop): Promise<LoopEnd> {
  const { timers, answers, shouldStop, isOver } = loop;
  let end = turn(loop, () => undefined);
  while (!end) {
    if (isOver?.() === true) return 'done';
    end = dueWork(loop);
    if (end) break;
    if (!timers.hasHeld && !answers.isOpen) return 'done';
    if (!shouldStop()) await wait(loop);
    if (shouldStop()) return 'stopped';
  }
  return end;
}

/** One piece of work with the jobs that it leaves. Null where the run goes on. */
function turn({ vm, hasFailed }: Loop, work: () => void): LoopEnd | null {
  work();
  if (!vm.runJobs()) return 'stopped';
  return hasFailed() ? 'rejected' : null;
}

function dueWork(loop: Loop): LoopEnd | null {
  const { vm, timers, answers } = loop;
  for (const id of timers.takeDue()) {
    const end = turn(loop, () => vm.call('fire', id).dispose());
    if (end) return end;
  }
  for (let settle = answers.take(); settle; settle = answers.take()) {
    const end = turn(loop, settle);
    if (end) return end;
  }
  return null;
}

async function wait({ host, timers, answers }: Loop): Promise<void> {
  const waitMs = timers.waitMs();
  if (waitMs <= 0 && timers.count > 0) return;
  if (answers.isOpen) await host.sleep(waitMs, answers.next());
  else if (waitMs > TURN_MS || !host.hasSharedMemory) await host.sleep(waitMs);
  else host.sleepSync(waitMs);
}
