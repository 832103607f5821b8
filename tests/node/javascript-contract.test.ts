import { javascriptPrograms, typescriptPrograms } from '../support/contract/programs/javascript.ts';
import { javascriptRunner } from '../support/javascript/open-javascript.ts';
import { describeRunner, nodeWorld } from '../support/runner-contract.ts';

const runner = javascriptRunner();

describeRunner('javascript with shared memory', nodeWorld(runner, javascriptPrograms));
describeRunner('javascript without', nodeWorld(runner, javascriptPrograms, { hasSharedMemory: false }));
describeRunner('typescript with shared memory', nodeWorld(runner, typescriptPrograms));
describeRunner('typescript without', nodeWorld(runner, typescriptPrograms, { hasSharedMemory: false }));
