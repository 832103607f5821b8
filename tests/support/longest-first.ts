import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take more than a minute, the longest of each project first. Two files run at a time, and one that is left for
 * the end leaves a processor idle for as long as it takes; a clean clone has no times of an earlier run to go by.
 */
export const LONGEST = [
  'tests/node/shell-suite.test.ts',
  'tests/node/linux-network.test.ts',
  'tests/node/linux-saved.test.ts',
  'tests/node/linux-wheels.test.ts',
  'tests/node/linux-meter.test.ts',
  'tests/node/linux-machines.test.ts',
  'tests/node/shell-of-small-image.test.ts',
  'tests/node/python-conformance.test.ts',
  'tests/node/javascript-test262.test.ts',
  'tests/node/python-start.test.ts',
  'tests/node/python-limits.test.ts',
  'tests/browser/runner-contract-chrome.test.ts',
  'tests/browser/runner-contract-firefox.test.ts',
  'tests/browser/workspace-kills.test.ts',
  'tests/browser/python-box.test.ts',
  'tests/browser/linux-save-faults.test.ts',
  'tests/security/card-covered-presses-firefox.test.ts',
  'tests/security/preview-wall.test.ts',
  'tests/security/killers-firefox.test.ts',
  'tests/security/killers-chromium.test.ts',
  'tests/security/card-covered-presses.test.ts',
  'tests/security/python-escape.test.ts',
  'tests/e2e/limits.test.ts',
  'tests/e2e/linux-saving.test.ts',
  'tests/e2e/composer.test.ts',
  'tests/e2e/scenarios-refusals.test.ts',
  'tests/e2e/thinking.test.ts',
];

/** One project after the other as they are configured, in vitest's order, with the long files of each before all others of it. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.indexOf(relative(this.ctx.config.root, moduleId));
      return at === -1 ? LONGEST.length : at;
    };
    const { projects } = this.ctx;
    return sorted.sort((a, b) => projects.indexOf(a.project) - projects.indexOf(b.project) || rank(a) - rank(b));
  }
}
