import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunners } from '../../../src/host/registry.ts';
import type { BrowserName } from '../box/extension.ts';
import { type ContractFixture, launchContract } from './browser-fixture.ts';
import type { ContractHost } from './browser-host.ts';
import { FILE_CASES, placeExceptions } from './file-cases.ts';
import { CONTRACT_PROGRAMS } from './programs/index.ts';
import { RUNNER_CASES } from './runner-cases.ts';
import { SHARED_TREE_CASES } from './shared-tree-cases.ts';
import { nodeSource } from '../kit/node-source.ts';
import { needsLinuxImage } from '../linux-image.ts';
import { describeCases } from '../runner-contract.ts';

declare const contract: ContractHost;

const runners = createRunners({ sourceOf: nodeSource, pythonStart: () => 'base', isMemoryShort: () => false });

const CASES = [...RUNNER_CASES, ...FILE_CASES];

/** Every runner's cases in one browser. */
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

  for (const { manifest } of runners) {
    for (const [at, { language, exceptions }] of (CONTRACT_PROGRAMS[manifest.id] ?? []).entries()) {
      const all = { ...exceptions, ...placeExceptions(manifest, browser === 'chrome') };
      // A second language of an engine has the same files; in Node they are looked at in it too (javascript-contract.test.ts).
      describeCases(language, at === 0 ? CASES : RUNNER_CASES, all, async (name) => {
        if (language === 'shell') needsLinuxImage();
        fails(await fixture.page.evaluate((one, of) => contract.runCase(of, one), name, language));
      });
    }
  }

  describeCases('one tree in all runtimes', SHARED_TREE_CASES, {}, async (name) => {
    fails(await fixture.page.evaluate((one) => contract.runShared(one), name));
  });
}
