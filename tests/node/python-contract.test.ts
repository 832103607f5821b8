import { createPythonRunner } from '../../src/runners/python/index.ts';
import { pythonPrograms } from '../support/contract/programs/python.ts';
import { vendoredSource } from '../support/python/node-engine.ts';
import { describeRunner, nodeWorld } from '../support/runner-contract.ts';

const runner = createPythonRunner({ source: vendoredSource(), start: () => 'base' });

describeRunner('python with shared memory', nodeWorld(runner, pythonPrograms));
describeRunner('python without', nodeWorld(runner, pythonPrograms, { hasSharedMemory: false }));
