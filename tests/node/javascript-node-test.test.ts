import { afterEach, expect, test } from 'vitest';
import { openJavaScript, type TestSession } from '../support/javascript/open-javascript.ts';

let session: TestSession | null = null;
afterEach(() => session?.dispose());

/** What a program printed, with one duration for all. */
async function printed(code: string): Promise<{ readonly text: string; readonly exitCode: number | null }> {
  session ??= await openJavaScript();
  const { outcome, stdout } = await session.run(code);
  expect(outcome).toMatchObject({ kind: 'completed', error: null });
  const text = stdout.replaceAll(/\([\d.]+ms\)/gu, '(1ms)').replaceAll(/(duration_ms) [\d.]+/gu, '$1 1');
  return { text, exitCode: outcome.kind === 'completed' ? outcome.exitCode : null };
}

test('node:test reports what passed and failed as Node’s spec reporter does', async () => {
  const { text, exitCode } =
    await printed(`import test, { describe, it, before, beforeEach, afterEach } from 'node:test'
import assert from 'node:assert'
const order = []
before(() => { order.push('first') })
test('adds', () => assert.equal(1 + 1, 2))
test('waits', async (t) => {
  await t.test('one', () => {})
  await t.test('two', () => assert.ok(false, 'it is false'))
  t.diagnostic('a note')
})
test('later', { skip: true }, () => assert.fail())
test('to do', { todo: 'soon' }, () => assert.fail('not yet'))
test('calls back', (t, done) => setTimeout(done, 1))
describe('a suite', () => {
  beforeEach(() => { order.push('each') })
  afterEach(() => { order.push('after') })
  it('is in it', () => { order.push('body') })
  describe('within', () => { it('is deeper', async () => { await null; order.push('deeper') }) })
})
test('order', () => assert.deepEqual(order, ['first', 'each', 'body', 'after', 'each', 'deeper', 'after']))
console.log('the file is read')`);
  expect(exitCode).toBe(1);
  expect(text).toBe(`the file is read
✔ adds (1ms)
▶ waits
  ✔ one (1ms)
  ✖ two (1ms)
✖ waits (1ms)
ℹ a note
﹣ later (1ms) # SKIP
⚠ to do (1ms) # soon
✔ calls back (1ms)
▶ a suite
  ✔ is in it (1ms)
  ▶ within
    ✔ is deeper (1ms)
  ✔ within (1ms)
✔ a suite (1ms)
✔ order (1ms)
ℹ tests 10
ℹ suites 2
ℹ pass 6
ℹ fail 2
ℹ cancelled 0
ℹ skipped 1
ℹ todo 1
ℹ duration_ms 1

✖ failing tests:

test at main.js:8:11
✖ two (1ms)
  AssertionError [ERR_ASSERTION]: it is false
      at main.js:8:39 {
    generatedMessage: false,
    code: 'ERR_ASSERTION',
    actual: false,
    expected: true,
    operator: '==',
    diff: 'simple'
  }

test at main.js:12:1
⚠ to do (1ms) # soon
  AssertionError [ERR_ASSERTION]: not yet
      at main.js:12:46 {
    generatedMessage: false,
    code: 'ERR_ASSERTION',
    actual: undefined,
    expected: undefined,
    operator: 'fail',
    diff: 'simple'
  }
`);
});

test('node:test begins anew in each run, and fails with time, plan and hooks', async () => {
  session = await openJavaScript();
  const passing = await printed(`const { test, mock } = require('node:test')
test('mocks', (t) => {
  const twice = mock.fn((n) => n * 2)
  const list = { push: () => 'real' }
  t.mock.method(list, 'push', () => 'mocked')
  t.assert.deepEqual([twice(2), twice.mock.callCount(), twice.mock.calls[0].arguments, list.push()], [4, 1, [2], 'mocked'])
})`);
  expect(passing).toMatchObject({ exitCode: 0, text: expect.stringContaining('ℹ tests 1\n') as string });
  const failing = await printed(`const { test, beforeEach, suite } = require('node:test')
test('too slow', { timeout: 5 }, () => new Promise((done) => setTimeout(done, 200)))
test('planned', (t) => { t.plan(2); t.assert.ok(true) })
suite('hooked', () => { beforeEach(() => { throw new TypeError('in a hook') }); test('never runs', () => console.log('it ran')) })`);
  expect(failing.exitCode).toBe(1);
  expect(failing.text).toMatch(/ℹ tests 3\nℹ suites 1\nℹ pass 0\nℹ fail 3\n/u);
  for (const told of ['timed out after 5ms', 'plan expected 2 assertions but received 1', 'TypeError: in a hook'])
    expect(failing.text).toContain(told);
  expect(failing.text).not.toContain('it ran');
});
