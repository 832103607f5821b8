import { describe, expect, test } from 'vitest';
import type { Runner } from '../../src/contracts/runner.ts';
import { FILE_CASES, placeExceptions } from './contract/file-cases.ts';
import type { ContractPrograms } from './contract/programs/index.ts';
import { RUNNER_CASES } from './contract/runner-cases.ts';
import { type ContractWorld, type RunnerCase, Scene } from './contract/scene.ts';
import { MemoryFiles } from './kit/memory-files.ts';
import { createNodeBoxes, type NodeBoxOptions } from './kit/node-box.ts';
import { sessionIdOf } from '../../src/contracts/ids.ts';

/** A runner whose boxes are worker threads. */
export function nodeWorld(runner: Runner, programs: ContractPrograms, options: NodeBoxOptions = {}): ContractWorld {
  const boxes = createNodeBoxes(options);
  let sessions = 0;
  return {
    manifest: runner.manifest,
    programs,
    hasSharedMemory: options.hasSharedMemory !== false,
    makeTree: () => new MemoryFiles(),
    async open(files) {
      sessions += 1;
      const opened = await runner.openSession({
        sessionId: sessionIdOf(`contract-${sessions}`),
        boxes,
        files,
        limits: { timeMs: 30_000, memoryMB: runner.manifest.memoryMB },
        signal: new AbortController().signal,
      });
      if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail ?? ''}`);
      return opened.value;
    },
    left: () => boxes.left(),
  };
}

/** Runs a case in a scene of its own; rejects with what is wrong. */
async function runCase(world: ContractWorld, one: RunnerCase): Promise<void> {
  const scene = new Scene(world);
  try {
    await one.run(scene);
  } finally {
    scene.end();
  }
}

/** Tests of a list of cases; an exception must fail, else it is none. */
export function describeCases(
  title: string,
  cases: readonly { readonly name: string }[],
  exceptions: ContractPrograms['exceptions'],
  perform: (name: string) => Promise<void>,
): void {
  describe(title, { concurrent: false }, () => {
    for (const { name } of cases) {
      const reason = exceptions[name];
      if (reason === undefined) test(name, () => perform(name));
      else test(`${name}: not here, as ${reason}`, () => expect(perform(name)).rejects.toThrow());
    }
  });
}

const ALL_CASES: readonly RunnerCase[] = [...RUNNER_CASES, ...FILE_CASES];

/** What every runner must do, whatever its language, as tests; or some of it. */
export function describeRunner(title: string, world: ContractWorld, cases = ALL_CASES): void {
  const exceptions = {
    ...world.programs.exceptions,
    ...placeExceptions(world.manifest, world.hasSharedMemory),
  };
  test(`exceptions of ${title} name cases that exist`, () => {
    const names = ALL_CASES.map(({ name }) => name);
    expect(Object.keys(exceptions).filter((name) => !names.includes(name))).toEqual([]);
  });
  describeCases(`runner contract: ${title}`, cases, exceptions, async (name) => {
    const found = ALL_CASES.find((one) => one.name === name);
    if (found) await runCase(world, found);
  });
}
