import { afterEach, describe, expect, test } from 'vitest';
import { standardPython } from '../support/standard-python.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { callKeyOf, type SessionId } from '../../src/contracts/ids.ts';
import type { Language } from '../../src/contracts/run.ts';
import { createReading } from '../../src/host/reading/create-reading.ts';
import { suggestFix } from '../../src/host/suggest-fix.ts';
import type { EngineSource } from '../../src/runners/kit/index.ts';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { createPythonRunner } from '../../src/runners/python/index.ts';
import { engineInNode } from '../support/engine-in-node.ts';
import { javascriptRunner } from '../support/javascript/open-javascript.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { vendoredSource } from '../support/python/node-engine.ts';

// What happens after a failure, with real engines: docs/failures.md names these tests.
const sound = [
  createPythonRunner({ source: vendoredSource(), start: () => 'base' }),
  javascriptRunner(),
  createLuaRunner({ source: nodeSource('lua') }),
];
let engine: ReturnType<typeof engineInNode> | null = null;
const open = (name: string, runners = sound) => (engine = engineInNode(runners, name));
afterEach(() => engine?.close());

describe('state is kept and resumed after a fix', () => {
  test.each<[Language, string, string, string]>([
    ['python', 'kept = 41', 'print(kept + 1', 'python/syntax-error'],
    ['javascript', 'let kept = 41', 'console.log(kept + 1', 'js/syntax-error'],
    ['typescript', 'let kept: number = 41', 'console.log((kept as number) + 1', 'js/syntax-error'],
    ['lua', 'kept = 41', 'print(kept + 1', 'lua/syntax-error'],
  ])('%s: the suggested fix runs where the broken code did', async (language, before, broken, code) => {
    const { run } = open(`fix-${language}`);
    await run(language, before);
    const refused = await run(language, broken);
    expect(refused.outcome).toMatchObject({ kind: 'completed', error: { code } });
    const fix = await suggestFix(createReading(standardPython), language, broken);
    const fixed = await run(fix?.language ?? language, fix?.code ?? '');
    expect(fixed.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(fixed.stdout).toBe('42\n');
  });

  test.each<[Language, string, string, string, string]>([
    ['python', 'kept = 41', 'early = 1\nmissing', 'print(kept + early)', 'python/exception'],
    ['javascript', 'let kept = 41', 'var early = 1\nmissing', 'console.log(kept + early)', 'js/exception'],
    ['lua', 'kept = 41', "early = 1 error('no')", 'print(kept + early)', 'lua/error'],
  ])('%s: what a failed program had set is there for the next', async (language, before, failing, after, code) => {
    const { run } = open(`kept-${language}`);
    await run(language, before);
    expect((await run(language, failing)).outcome).toMatchObject({ kind: 'completed', error: { code } });
    expect((await run(language, after)).stdout).toBe('42\n');
  });
});

// One allocation that cannot fit, so that no clock comes first.
test.each<[Language, string, string, string]>([
  ['python', 'x = bytearray(2 ** 30)', 'print(42)', 'python/memory'],
  ['javascript', "'x'.repeat(2 ** 29).length", 'console.log(42)', 'js/memory'],
  ['typescript', "const size: number = 'x'.repeat(2 ** 29).length", 'console.log(42)', 'js/memory'],
  ['lua', "return #string.rep('x', 2 ^ 30 | 0)", 'print(42)', 'lua/memory'],
])('%s: a full memory is an error with its own code, and the next run works', async (language, code, next, failure) => {
  const { run } = open(`memory-${language}`);
  const { outcome } = await run(language, code);
  expect(outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { code: failure } });
  expect((await run(language, next)).stdout).toBe('42\n');
});

describe('another runner', () => {
  test.each<[Language, string, Language]>([
    ['javascript', 'const twice = (n: number): number => 2 * n\nconsole.log(twice(21))', 'typescript'],
    ['javascript', 'def twice(n):\n    return 2 * n\n\nprint(twice(21))', 'python'],
    ['python', 'const twice = (n) => 2 * n;\nconsole.log(twice(21));', 'javascript'],
    ['python', 'local function twice(n)\n  return 2 * n\nend\nprint(twice(21))', 'lua'],
  ])('%s that is something else is offered as that, and runs so', async (language, code, other) => {
    const { run } = open(`other-${language}-${other}`);
    expect((await run(language, code)).outcome).toMatchObject({
      error: { code: expect.stringMatching(/syntax-error$/u) },
    });
    expect(await suggestFix(createReading(standardPython), language, code)).toMatchObject({
      language: other,
      code,
      lines: [],
    });
    expect((await run(other, code)).stdout).toBe('42\n');
  });
});

/** An engine whose file comes damaged the first `times`. */
function damagedLua(times: number) {
  const whole = nodeSource('lua');
  const state = { loads: 0 };
  const source: EngineSource = {
    script: () => whole.script(),
    load: async (name) => {
      state.loads += 1;
      return state.loads <= times ? new Blob([new Uint8Array([0, 97, 115, 109, 1])]) : whole.load(name);
    },
  };
  return { state, runner: createLuaRunner({ source }) };
}

describe('an engine that cannot start', () => {
  test('is tried twice for a run, which then says so', async () => {
    const { runner, state } = damagedLua(Infinity);
    const { run } = open('damaged', [runner]);
    expect((await run('lua', 'print(1)')).outcome).toMatchObject({ kind: 'crashed', code: 'runner/start-failed' });
    expect(state.loads).toBe(2);
  });

  test('at first only runs at the second try, and nobody is asked', async () => {
    const { runner } = damagedLua(1);
    const { outcome, stdout } = await open('second-try', [runner]).run('lua', 'print(1)');
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    expect(stdout).toBe('1\n');
  });

  test('rests after several tries, and nothing starts it by itself', async () => {
    const { runner, state } = damagedLua(Infinity);
    const { run } = open('resting', [runner]);
    const codes: string[] = [];
    while (codes.at(-1) !== 'runner/resting' && codes.length < 10) {
      const { outcome } = await run('lua', 'print(1)');
      codes.push('code' in outcome ? outcome.code : outcome.kind);
    }
    expect(codes[0]).toBe('runner/start-failed');
    expect(codes.at(-1)).toBe('runner/resting');
    expect(state.loads).toBe(LIMITS.engineStartFailures.standard);
    expect((await run('lua', 'print(1)')).outcome).toMatchObject({ code: 'runner/resting' });
    expect(state.loads).toBe(LIMITS.engineStartFailures.standard);
  });
});

describe('nothing loops', () => {
  test('a call that started by itself and failed is not started again by itself', async () => {
    const { start, run, service } = open('no-loop');
    const callKey = callKeyOf('chatgpt', 'c', 'm');
    const code = "require('fs').appendFileSync('tries.txt', 'x'); missing";
    const first = await start('javascript', code, { callKey, trigger: 'auto' });
    expect((await first.ended).outcome).toMatchObject({ error: { code: 'js/exception' } });
    const request = {
      sessionId: 's' as SessionId,
      language: 'javascript',
      code,
      callKey,
      trigger: 'auto',
      limits: { timeMs: 30_000, memoryMB: 256 },
      stdin: [],
    } as const;
    expect(await service.start(request)).toMatchObject({
      ok: false,
      error: { code: 'run/already-started', detail: first.runId },
    });
    expect((await run('javascript', "console.log(require('fs').readFileSync('tries.txt', 'utf8'))")).stdout).toBe(
      'x\n',
    );
    expect(service.activeRuns()).toEqual([]);
  });
});

test('more code than may wait is refused, and what waits is not lost by it', async () => {
  const { start, service, run } = open('queue-full');
  const endless = await start('lua', 'while true do end');
  const code = `print(1) --${'x'.repeat(LIMITS.codeUtf16.standard - 20)}`;
  const waiting = LIMITS.queuedCodeUtf16.standard / LIMITS.codeUtf16.standard;
  const others = [];
  for (let n = 0; n < waiting; n++) others.push(await start('lua', code));
  await expect(start('lua', code)).rejects.toThrow('run/queue-full');
  for (const { runId } of others.slice(1)) service.stop(runId);
  service.stop(endless.runId);
  expect((await others[0]?.ended)?.stdout).toBe('1\n');
  expect((await run('lua', 'print(2)')).stdout).toBe('2\n');
});

test('a run that was ended from outside is said to be stopped, by nobody', async () => {
  const { start, service } = open('outside');
  const { runId, ended } = await start('python', 'while True: pass');
  await expect.poll(() => service.status(runId)?.state, { timeout: 60_000 }).toBe('running');
  service.stopAll();
  expect((await ended).outcome).toMatchObject({ kind: 'cancelled', by: 'world' });
  expect(service.failures(1)).toMatchObject([{ runId, code: 'run/stopped' }]);
});
