import { afterAll, beforeAll, describe } from 'vitest';
import { type ContractFixture, launchContract } from '../support/contract/browser-fixture.ts';
import type { ContractHost } from '../support/contract/browser-host.ts';
import { describeKillers, type KillerSet } from '../support/killers/describe-killers.ts';
import { javascriptKillers } from '../support/killers/javascript.ts';
import { luaKillers } from '../support/killers/lua.ts';
import { wasmKillers } from '../support/killers/wasm.ts';

declare const contract: ContractHost;

let fixture: ContractFixture;
beforeAll(async () => {
  fixture = await launchContract('firefox');
});
afterAll(() => fixture.close());

const inFirefox = (set: KillerSet): void =>
  describeKillers(set, (code, limits) =>
    fixture.page.evaluate((...given) => contract.runProgram(...given), set.language, code, limits),
  );

// Another engine of WebAssembly: its own words for traps, its own depth of the stack, and no shared memory to stop by.
describe('JavaScript in Firefox', () => inFirefox(javascriptKillers('firefox')));
describe('Lua in Firefox', () => inFirefox(luaKillers));
describe('WebAssembly in Firefox', () => inFirefox(wasmKillers));
