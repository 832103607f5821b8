import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunners } from '../../../src/host/registry.ts';
import type { BrowserName } from '../box/extension.ts';
import { isWhole } from '../whole.ts';
import { type ContractFixture, launchContract } from './browser-fixture.ts';
import type { ContractHost } from './browser-host.ts';
import { FILE_CASES, placeExceptions } from './file-cases.ts';
import { CONTRACT_PROGRAMS } from './programs/index.ts';
import { RUNNER_CASES } from './runner-cases.ts';
import type { RunnerCase } from './scene.ts';
import { SHARED_TREE_CASES } from './shared-tree-cases.ts';
import { nodeSource } from '../kit/node-source.ts';
import { needsLinuxImage } from '../linux-image.ts';
import { describeCases } from '../runner-contract.ts';

declare const contract: ContractHost;

const runners = createRunners({ sourceOf: nodeSource, pythonStart: () => 'base', isMemoryShort: () => false });

/** All of their cases are in Node too, every day. */
const IN_NODE = new Set(['javascript', 'lua', 'wasm']);

const CASES: readonly RunnerCase[] = [...RUNNER_CASES, ...FILE_CASES];

/**
 * Every runner's cases in one browser: all of them in the whole run. Else each in every language, by turns in this browser or in
 * the other, so that both see every case and every language, and half as many of a language that has them all in Node; those that
 * a place decides are in both.
 */
export function describeEveryRunner(browser: BrowserName): void {
  let fixture: ContractFixture;
  beforeAll(async () => {
    fixture = await launchContract(browser);
  });
  afterAll(() => fixture.close());
  const fails = (wrong: string | null): void => {
    if (wrong !== null) throw new Error(wrong);
  };

  test('has programs of the contract', async () => {
    const ids = await fixture.page.evaluate(() => contract.runners());
    expect([...ids].sort()).toEqual(Object.keys(CONTRACT_PROGRAMS).sort());
  });

  let turn = browser === 'chrome' ? 0 : 1;
  for (const { manifest } of runners) {
    for (const [at, { language, exceptions }] of (CONTRACT_PROGRAMS[manifest.id] ?? []).entries()) {
      const all = { ...exceptions, ...placeExceptions(manifest, browser === 'chrome') };
      const unshared = placeExceptions(manifest, false);
      const first = turn;
      turn += 1;
      const share = IN_NODE.has(manifest.id) ? 4 : 2;
      const isHere = ({ name, isOfPlace }: RunnerCase, index: number): boolean =>
        isWhole || isOfPlace === true || name in unshared || (first + index) % share === 0;
      // A second language of an engine has the same files; in Node they are looked at in it too (javascript-contract.test.ts).
      describeCases(language, (at === 0 ? CASES : RUNNER_CASES).filter(isHere), all, async (name) => {
        if (language === 'shell') needsLinuxImage();
        fails(await fixture.page.evaluate((one, of) => contract.runCase(of, one), name, language));
      });
    }
  }

  describeCases('one tree in all runtimes', SHARED_TREE_CASES, {}, async (name) => {
    fails(await fixture.page.evaluate((one) => contract.runShared(one), name));
  });
}
