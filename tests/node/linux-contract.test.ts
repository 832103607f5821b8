import { beforeAll, describe } from 'vitest';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { linuxPrograms } from '../support/contract/programs/linux.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { describeRunner, nodeWorld } from '../support/runner-contract.ts';

const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => false });

describe('Linux', () => {
  beforeAll(needsLinuxImage);
  // Without shared memory it passes the same cases in Firefox (tests/browser/runner-contract-firefox.test.ts).
  describeRunner('linux with shared memory', nodeWorld(runner, linuxPrograms));
});
