import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { RunLimits } from '../../../src/contracts/run.ts';

/** A program that tries to take its engine or its browser down, and how it has to end. */
export interface Killer {
  readonly code: string;
  readonly limits: RunLimits;
  /** Fails the test where it ended in another way. */
  check(ended: EndedKiller): void;
}

export interface EndedKiller {
  readonly outcome: Outcome;
  /** Whether its session can run another. */
  readonly isAlive: boolean;
  /** Sentences beside its output. */
  readonly notices: readonly string[];
}

export interface KillerSet {
  readonly language: 'javascript' | 'lua' | 'wasm' | 'shell';
  readonly killers: readonly (readonly [title: string, killer: Killer])[];
  /** Is right after each of them: in the same state, or in a new worker. */
  readonly next: { readonly code: string; readonly result: string | null; readonly limits: RunLimits };
}

/** Runs a program in the session of the one before, or in a new one where that is gone. */
export type RunKiller = (code: string, limits: RunLimits) => Promise<EndedKiller>;

/** A test for each killer. */
export function describeKillers({ killers, next }: KillerSet, run: RunKiller): void {
  test.for(killers)('%s', async ([, killer]) => {
    killer.check(await run(killer.code, killer.limits));
    const { outcome } = await run(next.code, next.limits);
    expect(outcome).toMatchObject({ kind: 'completed', exitCode: 0, error: null, result: next.result });
  });
}
