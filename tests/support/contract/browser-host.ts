import { createBoxOpener } from '../../../src/box/index.ts';
import { sessionIdOf } from '../../../src/contracts/ids.ts';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import type { Language, RunLimits } from '../../../src/contracts/run.ts';
import type { Runner, RunnerSession } from '../../../src/contracts/runner.ts';
import { createRunners } from '../../../src/host/registry.ts';
import { packagedSource } from '../../../src/runners/kit/index.ts';
import { openWorkspace } from '../../../src/workspace/index.ts';
import { FILE_CASES } from './file-cases.ts';
import { CONTRACT_PROGRAMS, type ContractPrograms } from './programs/index.ts';
import { RUNNER_CASES } from './runner-cases.ts';
import { type ContractWorld, Scene } from './scene.ts';
import { SHARED_TREE_CASES } from './shared-tree-cases.ts';

// Runs in a page of the fixture's extension: the product's registry, boxes and workspace, and no test runner.

const never = new AbortController().signal;
const boxes = createBoxOpener({ document, pageUrl: '/box.html', canAffordSpare: () => false });
const workspace = openWorkspace({ signal: never });
const runners = createRunners({
  sourceOf: (id) => packagedSource('/', id),
  pythonStart: () => 'base',
  isMemoryShort: () => false,
});
let names = 0;

function worldOf(runner: Runner, programs: ContractPrograms): ContractWorld {
  return {
    manifest: runner.manifest,
    programs,
    hasSharedMemory: globalThis.crossOriginIsolated,
    makeTree() {
      names += 1;
      return workspace.filesOf(sessionIdOf(`contract-${names}-${Math.random()}`));
    },
    async open(files) {
      names += 1;
      const opened = await runner.openSession({
        sessionId: sessionIdOf(`contract-${names}`),
        boxes,
        files,
        limits: { timeMs: 30_000, memoryMB: runner.manifest.memoryMB },
        signal: never,
      });
      if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail ?? ''}`);
      return opened.value;
    },
    // A box's worker ends with its frame, and its port with both.
    left: async () => [...document.querySelectorAll('iframe')].map((frame) => frame.src),
  };
}

const worlds = runners.flatMap((runner) =>
  (CONTRACT_PROGRAMS[runner.manifest.id] ?? []).map((programs) => worldOf(runner, programs)),
);
/** The session that each language's programs run in. */
const kept = new Map<Language, RunnerSession>();
const nameOf = ({ programs }: ContractWorld): string => programs.language;

const contract = {
  /** Ids of the registry's runners, whether or not there are programs for them. */
  runners: (): string[] => runners.map(({ manifest }) => manifest.id),
  /** Null when the case holds, else what is wrong. */
  async runCase(language: string, name: string): Promise<string | null> {
    const world = worlds.find((one) => nameOf(one) === language);
    const found = [...RUNNER_CASES, ...FILE_CASES].find((one) => one.name === name);
    if (!world || !found) return 'no such case';
    const scene = new Scene(world);
    try {
      await found.run(scene);
      return null;
    } catch (error) {
      return String(error);
    } finally {
      scene.end();
    }
  },
  /** Runs a program in the session of the one before in that language, or in a new one where that is gone. */
  async runProgram(
    language: Language,
    code: string,
    limits: RunLimits,
  ): Promise<{ outcome: Outcome; isAlive: boolean; notices: string[] }> {
    const world = worlds.find((one) => nameOf(one) === language);
    if (!world) throw new Error(`no ${language}`);
    const before = kept.get(language);
    const session = before?.isAlive ? before : await world.open(world.makeTree());
    kept.set(language, session);
    const notices: string[] = [];
    const outcome = await session.execute(
      { language, code, limits, stdin: [] },
      { signal: never, onEvent: (event) => void (event.kind === 'notice' && notices.push(event.text)) },
    );
    return { outcome, isAlive: session.isAlive, notices };
  },
  async runShared(name: string): Promise<string | null> {
    const found = SHARED_TREE_CASES.find((one) => one.name === name);
    if (!found) return 'no such case';
    try {
      await found.run(worlds.filter(({ programs }) => !(name in programs.exceptions)));
      return null;
    } catch (error) {
      return String(error);
    }
  },
};

export type ContractHost = typeof contract;
Object.assign(globalThis, { contract });
