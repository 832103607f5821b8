import { afterEach, expect, test } from 'vitest';
import type { SessionId } from '../../src/contracts/ids.ts';
import { createLuaRunner } from '../../src/runners/lua/index.ts';
import { createPythonRunner } from '../../src/runners/python/index.ts';
import { engineInNode } from '../support/engine-in-node.ts';
import { javascriptRunner } from '../support/javascript/open-javascript.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { vendoredSource } from '../support/python/node-engine.ts';

// IntegrationTests of docs/specified-tests.md: the whole engine with real runners, without browser and page.
const python = createPythonRunner({ source: vendoredSource(), start: () => 'base' });
const javascript = javascriptRunner();
const lua = createLuaRunner({ source: nodeSource('lua') });

let engine: ReturnType<typeof engineInNode>;
const open = (name: string) => {
  engine = engineInNode([python, javascript, lua], name);
  return engine;
};
afterEach(() => engine.close());

const SIEVE = `
def primes(n):
    sieve = [True] * n
    for i in range(2, int(n ** 0.5) + 1):
        if sieve[i]:
            sieve[i * i::i] = [False] * len(sieve[i * i::i])
    return [i for i in range(2, n) if sieve[i]]

print(primes(50))
sum(primes(1000))`;

test('an algorithm runs, its output is captured, its result comes back', async () => {
  const { outcome, stdout } = await open('algorithm').run('python', SIEVE);
  expect(outcome).toMatchObject({ kind: 'completed', exitCode: 0, result: '76127' });
  expect(stdout).toBe('[2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47]\n');
});

test.each([
  [
    'javascript',
    'const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));\nconsole.log([1, 2].map(fib), "x");\nfib(20)',
  ],
  ['typescript', 'const add = (a: number, b: number): number => a + b;\nconsole.log([1, 1], "x");\nadd(6000, 765)'],
] as const)('%s runs from end to end: console and result', async (language, code) => {
  const { outcome, stdout } = await open(`console-${language}`).run(language, code);
  expect(outcome).toMatchObject({ kind: 'completed', exitCode: 0, result: '6765' });
  expect(stdout).toBe('[ 1, 1 ] x\n');
});

test('several programs at once, in three languages, share nothing but the files of their conversation', async () => {
  const { run } = open('isolation');
  const own = (name: string) => ({ sessionId: name as SessionId });
  const runs = await Promise.all([
    run('python', "x = 'a'\nprint(x)", own('a')),
    run('python', "x = 'b'\nprint(x)", own('b')),
    run('lua', "x = 'c' print(x)", own('c')),
    run('javascript', "globalThis.x = 'e'; console.log(x)", own('e')),
  ]);
  expect(runs.map(({ stdout }) => stdout)).toEqual(['a\n', 'b\n', 'c\n', 'e\n']);
  expect((await run('python', 'print(x)', own('a'))).stdout).toBe('a\n');
  const stranger = await run('python', "print('x' in globals())", own('d'));
  expect(stranger.stdout).toBe('False\n');
  await run('python', "open('from-python.txt', 'w').write('hello')", own('c'));
  const read = await run('lua', "print(io.open('from-python.txt'):read('a'))", own('c'));
  expect(read.stdout).toBe('hello\n');
});

test('a concurrent run has the files of its conversation and none of its variables', async () => {
  const { run, pool } = open('concurrent');
  await run('python', "x = 1\nopen('shared.txt', 'w').write('here')");
  const code = "print('x' in globals(), open('shared.txt').read())\nx = 2";
  const beside = await run('python', code, { strategy: 'concurrent' });
  expect(beside.stdout).toBe('False here\n');
  expect((await run('python', 'print(x)')).stdout).toBe('1\n');
  expect(pool.all()).toHaveLength(1);
});

test('a run begins after the one it depends on, and is refused when that failed', async () => {
  const { start, service } = open('depends');
  const first = await start('python', "open('made.txt', 'w').write('made')");
  const second = await start('lua', "print(io.open('made.txt'):read('a'))", {
    dependsOn: [first.runId],
    strategy: 'concurrent',
  });
  expect((await second.ended).stdout).toBe('made\n');
  const broken = await start('python', 'int(input())', { stdin: null });
  const never = await start('lua', 'print(1)', { dependsOn: [broken.runId] });
  await expect.poll(() => service.status(broken.runId)?.state).toBe('asking');
  service.answerInput(broken.runId, 'no number');
  expect((await never.ended).outcome).toMatchObject({ kind: 'refused', code: 'run/dependency-failed' });
  expect((await broken.ended).outcome).toMatchObject({
    kind: 'completed',
    exitCode: 1,
    error: { title: 'ValueError' },
  });
});

test('a failure here ends that run with its own code and leaves the rest running; all failures have one form', async () => {
  const { run, start, service } = open('failures');
  const going = await start('python', 'import time\ntime.sleep(0.5)\nprint("still here")', {
    sessionId: 'b' as SessionId,
  });
  const torch = await run('python', 'import torch');
  expect(torch.outcome).toMatchObject({ error: { code: 'python/package-unavailable' } });
  const endless = await run('lua', 'while true do end', { limits: { timeMs: 1_000, memoryMB: 64 } });
  expect(endless.outcome.kind).toBe('timedOut');
  expect((await run('ruby' as never, 'puts 1').catch((error: Error) => error.message)) as unknown).toContain(
    'run/language-unavailable',
  );
  expect((await going.ended).stdout).toBe('still here\n');
  expect(service.failures(5).map(({ code, runner }) => [code, runner])).toEqual([
    ['run/timed-out', 'lua'],
    ['python/package-unavailable', 'python'],
  ]);
});

test('a python program that depends on nothing is answered from the cache, until something may change it', async () => {
  const { run, filesOf } = open('cache-python');
  const isCached = async () => {
    const { outcome, stdout } = await run('python', 'print(sum([1, 4, 9]), 2 ** 100)', { mayBeCached: true });
    expect(stdout).toBe('14 1267650600228229401496703205376\n');
    return outcome.kind === 'completed' && outcome.fromCache === true;
  };
  expect(await isCached()).toBe(false);
  expect(await isCached()).toBe(true);
  filesOf('s' as SessionId).put('math.py', 'pi = 3');
  expect(await isCached()).toBe(false);
  expect(await isCached()).toBe(true);
  await run('python', 'x = 1', { mayBeCached: true });
  expect(await isCached()).toBe(false);
});

// What such a program does to its engine no reader sees whole: the next block may rely on it.
test.each([
  ['javascript', 'String.prototype.shout = function () { return this + "!" }', 'console.log("hey".shout())', 'hey!\n'],
  ['lua', 'function string.shout(s) return s .. "!" end', 'print(("hey"):shout())', 'hey!\n'],
] as const)(
  'a %s program that changes what its engine is made of runs each time',
  async (language, code, next, printed) => {
    const { run, service } = open(`cache-${language}`);
    for (let round = 0; round < 2; round += 1) {
      const { outcome } = await run(language, code, { mayBeCached: true });
      expect(outcome.kind === 'completed' && outcome.fromCache === true).toBe(false);
      expect((await run(language, next, { mayBeCached: true })).stdout).toBe(printed);
      service.restartSession('s' as SessionId);
    }
  },
);

test('history and what was learnt outlive the engine', async () => {
  const first = open('history');
  const { runId } = await first.run('python', 'print(sum(range(10)))');
  const program = 'python\nprint(sum(range(10)))';
  await expect.poll(async () => (await first.past.find(program, null)).same?.count).toBe(1);
  first.close();
  const second = open('history');
  expect(await second.service.list({ most: 5 })).toMatchObject([
    { runId, language: 'python', outcome: { kind: 'completed', exitCode: 0 } },
  ]);
  expect((await second.past.find(program, null)).same).toMatchObject({ count: 1 });
  // What ran in an earlier life can still be depended on.
  expect((await second.run('lua', 'print(1)', { dependsOn: [runId] })).stdout).toBe('1\n');
});

test('after the end nothing is left', async () => {
  const { run, service, pool } = open('clean');
  await Promise.all([run('python', 'print(1)'), run('lua', 'print(1)', { sessionId: 'b' as SessionId })]);
  expect(service.activeRuns()).toEqual([]);
  service.stopAll();
  expect(pool.all()).toEqual([]);
});
