import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ContractFixture, launchContract } from '../contract/browser-fixture.ts';
import type { ContractHost } from '../contract/browser-host.ts';
import { describeKillers, type KillerSet } from './describe-killers.ts';
import { needsLinuxImage } from '../linux-image.ts';
import { turnOf } from '../whole.ts';
import { javascriptKillers } from './javascript.ts';
import { linuxKillers } from './linux.ts';
import { endedLua, luaKillers } from './lua.ts';
import { wasmKillers } from './wasm.ts';

declare const contract: ContractHost;

/**
 * The killers of all small engines in the built extension: each browser has words of its own for traps and its own depth of the stack.
 * All of them in the whole run; else those of Linux, and of the other engines each by turns in this browser or in the other.
 */
export function describeKillersIn(browser: 'chrome' | 'firefox'): void {
  let fixture: ContractFixture;
  beforeAll(async () => {
    fixture = await launchContract(browser);
  });
  afterAll(() => fixture.close());

  const title = browser === 'chrome' ? 'Chromium' : 'Firefox';
  const run = (set: KillerSet): void =>
    describeKillers(set, (code, limits) =>
      fixture.page.evaluate((...given) => contract.runProgram(...given), set.language, code, limits),
    );
  const byTurns = (set: KillerSet): void =>
    run({ ...set, killers: turnOf(['chrome', 'firefox'] as const, browser, set.killers) });
  describe(`JavaScript in ${title}`, () => byTurns(javascriptKillers));
  describe(`Lua in ${title}`, () => {
    byTurns(luaKillers);
    // Without shared memory a program that computes hears of nothing.
    if (browser === 'firefox') return;
    test('what the hook can end is ended inside the worker, but for a few on a busy machine', () => {
      expect(endedLua.inside).toBeGreaterThanOrEqual(endedLua.withWorker);
    });
  });
  describe(`WebAssembly in ${title}`, () => byTurns(wasmKillers));
  describe(`Linux in ${title}`, () => {
    beforeAll(needsLinuxImage);
    run(linuxKillers);
  });
}
