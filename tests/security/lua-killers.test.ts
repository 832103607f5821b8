import { expect, test } from 'vitest';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { describeKillers } from '../support/killers/describe-killers.ts';
import { endedLua, luaKillers } from '../support/killers/lua.ts';
import { inNode } from '../support/killers/run-in-node.ts';

describeKillers(luaKillers, inNode(createLuaRunner({ source: nodeSource('lua') })));

test('what the hook can end is ended inside the worker, but for a few on a busy machine', () => {
  expect(endedLua.inside).toBeGreaterThanOrEqual(endedLua.withWorker);
});
