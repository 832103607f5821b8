import { javascriptPrograms, typescriptPrograms } from '../support/contract/programs/javascript.ts';
import { javascriptRunner } from '../support/javascript/open-javascript.ts';
import { describeRunner, nodeWorld } from '../support/runner-contract.ts';

const runner = javascriptRunner();

describeRunner('javascript with shared memory', nodeWorld(runner, javascriptPrograms));
describeRunner('javascript without', nodeWorld(runner, javascriptPrograms, { hasSharedMemory: false }));
// The same engine behind one step more, which does not know of shared memory; both worlds of it run in the browsers.
describeRunner('typescript with shared memory', nodeWorld(runner, typescriptPrograms));
