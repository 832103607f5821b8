import { beforeAll, describe } from 'vitest';
import { createLinuxRunner } from '../../src/runners/linux/index.ts';
import { linuxPrograms } from '../support/contract/programs/linux.ts';
import { RUNNER_CASES } from '../support/contract/runner-cases.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { describeRunner, nodeWorld } from '../support/runner-contract.ts';

const runner = createLinuxRunner({ source: nodeSource('linux'), isSmall: () => false });

describe('Linux', () => {
  beforeAll(needsLinuxImage);
  describeRunner('linux with shared memory', nodeWorld(runner, linuxPrograms));
  // Files reach the machine over a port of its own in either world.
  describeRunner('linux without', nodeWorld(runner, linuxPrograms, { hasSharedMemory: false }), RUNNER_CASES);
});
