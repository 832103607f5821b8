import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BrowserName } from '../support/box/extension.ts';
import { type JavaScriptFixture, launchJavaScript } from '../support/javascript/browser-fixture.ts';
import type { JavaScriptPage } from '../support/javascript/browser-host.ts';

declare const javascript: JavaScriptPage;

/** Those that met the browser's own stack or parser, and a few of each other kind. */
const KILLERS: readonly (readonly [title: string, code: string, ending: RegExp])[] = [
  ['plain recursion', 'function f(n) { return 1 + f(n + 1) } f(0)', /js\/stack/],
  ['a getter that reads itself', 'let o = { get a() { return this.a } }; o.a', /js\/stack/],
  ['JSON nested deep', "JSON.parse('['.repeat(1e6))", /js\/stack/],
  [
    'a value nested deep, made JSON',
    'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a)',
    /js\/stack/,
  ],
  ['source nested deep', "eval('('.repeat(1e5) + '1' + ')'.repeat(1e5))", /js\/stack/],
  [
    'closures nested deep',
    'let f = () => 0; for (let i = 0; i < 1e5; i++) { let g = f; f = () => g() + 1 } f()',
    /js\/stack/,
  ],
  ['arrays without end', 'let a = []; for (;;) a.push(new Array(1000).fill(0))', /js\/memory|timedOut/],
  ['a generator spread without end', '[...(function* () { for (;;) yield 1 })()]', /js\/memory|timedOut/],
  ['promises that beget promises', '(function f() { Promise.resolve().then(f) })(); 0', /timedOut/],
  ['a join over a thousand million holes', "Array(1e9).join('x').length", /timedOut/],
];

describe.each<BrowserName>(['chrome', 'firefox'])('the JavaScript runner in %s', (name) => {
  let fixture: JavaScriptFixture;
  beforeAll(async () => {
    fixture = await launchJavaScript(name);
  });
  afterAll(() => fixture.close());

  test('starts, runs JavaScript and TypeScript, keeps variables and files', async () => {
    const seen = await fixture.page.evaluate(async () => {
      const id = await javascript.open();
      const first = await javascript.run(
        id,
        'import { chunk } from "lodash"; let kept = chunk([1, 2, 3], 2); console.log(kept, new URL("a", "http://b/"))',
      );
      const second = await javascript.run(id, 'enum E { A = 4 } const n: number = E.A; kept.length + n', {
        language: 'typescript',
      });
      const third = await javascript.run(
        id,
        'const fs = require("fs"); fs.writeFileSync("a.txt", "é"); fs.readFileSync("a.txt", "utf8") + new Intl.NumberFormat("de").format(1.5)',
      );
      javascript.dispose(id);
      return { first, second, third };
    });
    expect(seen.first.outcome).toMatchObject({ kind: 'completed', error: null });
    expect(seen.first.stdout).toContain("[ [ 1, 2 ], [ 3 ] ] URL {\n  href: 'http://b/a',");
    expect(seen.second.outcome).toMatchObject({ result: '6' });
    expect(seen.third.outcome).toMatchObject({ result: "'é1,5'" });
  });

  test.each([
    ['a wait', 'console.log("go"); await new Promise((r) => setTimeout(r, 1e6))', false],
    ['a loop', 'console.log("go"); for (;;) {}', name === 'firefox'],
  ])('Stop ends %s', async (_title, code, sessionLost) => {
    const run = await fixture.page.evaluate(async (program) => {
      const id = await javascript.open();
      const ended = await javascript.run(id, program, { isStopped: true });
      const next = javascript.isAlive(id) ? await javascript.run(id, '6 * 7') : null;
      javascript.dispose(id);
      return { ended, next };
    }, code);
    expect(run.ended.outcome).toMatchObject({ kind: 'cancelled', by: 'person', sessionLost });
    if (!sessionLost) expect(run.next?.outcome).toMatchObject({ result: '42' });
  });

  test.each(KILLERS)('%s', async (_title, code, ending) => {
    const run = await fixture.page.evaluate(async (program) => {
      const id = await javascript.open();
      const ended = await javascript.run(id, program, { timeMs: 1_000 });
      const isAlive = javascript.isAlive(id);
      const next = await javascript.run(isAlive ? id : await javascript.open(), '6 * 7');
      javascript.dispose(id);
      return { ended, next };
    }, code);
    const { outcome } = run.ended;
    expect(outcome.kind === 'completed' ? (outcome.error?.code ?? 'fine') : outcome.kind).toMatch(ending);
    expect(run.next.outcome).toMatchObject({ kind: 'completed', result: '42' });
  });
});
