import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { luaPrograms } from '../support/contract/programs/lua.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { describeRunner, nodeWorld } from '../support/runner-contract.ts';

const runner = createLuaRunner({ source: nodeSource('lua') });

describeRunner('lua with shared memory', nodeWorld(runner, luaPrograms));
describeRunner('lua without', nodeWorld(runner, luaPrograms, { hasSharedMemory: false }));
