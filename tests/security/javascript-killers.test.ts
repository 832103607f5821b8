import { describe, expect, test } from 'vitest';
import { openJavaScript } from '../support/javascript/open-javascript.ts';
import { JAVASCRIPT_LIMITS, LONG_LIMITS } from '../support/killers/javascript.ts';

// The killers themselves: killers-chromium.test.ts, killers-firefox.test.ts.
test.each([
  ['js/stack', 'function f() { return 1 + f() } f()'],
  ['js/too-many-timers', 'for (;;) setTimeout(() => {}, 0)'],
])('a program past a bound is told which: %s', async (code, program) => {
  const opened = await openJavaScript();
  const { outcome } = await opened.run(program, LONG_LIMITS);
  expect(outcome).toMatchObject({ kind: 'completed', exitCode: 1, error: { code } });
  opened.dispose();
});

describe('what a killer leaves', () => {
  test('files that were written before stay', async () => {
    const opened = await openJavaScript();
    await opened.run('require("fs").writeFileSync("kept.txt", "kept"); for (;;) {}', JAVASCRIPT_LIMITS);
    expect(opened.files.text('kept.txt')).toBe('kept');
    opened.dispose();
  });

  test('jobs of a stopped program never run on in the next one', async () => {
    const opened = await openJavaScript();
    // Two of them: the stop may end the one that is at work, and nothing would be left of one alone.
    const code = 'for (let n = 0; n < 2; n++) (function f() { Promise.resolve().then(f) })(); 0';
    const { outcome } = await opened.run(code, JAVASCRIPT_LIMITS);
    expect(outcome).toMatchObject({ kind: 'timedOut', sessionLost: true });
    expect(opened.session.isAlive).toBe(false);
  });

  test('timers of a stopped program never fire in the next one', async () => {
    const opened = await openJavaScript();
    const ended = await opened.run('setInterval(() => console.log("ghost"), 1); for (;;) {}', JAVASCRIPT_LIMITS);
    expect(ended.outcome).toMatchObject({ kind: 'timedOut' });
    // Timers come in the order in which they are due: the ghost was due before each of these.
    const next = await opened.run(
      'for (let n = 0; n < 5; n++) await new Promise((resolve) => setTimeout(resolve, 2)); "quiet"',
    );
    expect(next.outcome).toMatchObject({ kind: 'completed', result: "'quiet'" });
    expect(next.stdout).toBe('');
    opened.dispose();
  });

  test('a run after a full memory has its own', async () => {
    const opened = await openJavaScript();
    const full = await opened.run('const held = []; for (;;) held.push(new Array(1000).fill(1))', LONG_LIMITS);
    expect(full.outcome).toMatchObject({ kind: 'completed', error: { code: 'js/memory' } });
    const next = await opened.run('new Array(1_000_000).fill(1).length', LONG_LIMITS);
    expect(next.outcome).toMatchObject({ kind: 'completed', result: '1000000' });
    opened.dispose();
  });

  test('the global objects of the worker are out of reach', async () => {
    const opened = await openJavaScript();
    const names = ['self', 'postMessage', 'importScripts', 'WebAssembly', 'Worker', 'XMLHttpRequest', 'indexedDB'];
    const { outcome } = await opened.run(
      `[${names.map((name) => `typeof ${name}`).join(',')}, typeof __host, typeof __guest, Object.constructor('return typeof this.postMessage')()].join()`,
    );
    expect(outcome).toMatchObject({ result: `'${[...names, 1, 2, 3].map(() => 'undefined').join(',')}'` });
    opened.dispose();
  });

  test('the network is refused with a sentence', async () => {
    const opened = await openJavaScript();
    const { outcome } = await opened.run('await fetch("https://example.com")');
    expect(outcome).toMatchObject({ kind: 'completed', error: { title: 'TypeError', code: 'run/network-off' } });
    const message = outcome.kind === 'completed' ? outcome.error?.message : '';
    expect(message).toContain('The network is off for programs here.');
    opened.dispose();
  });

  test('no error of the worker shows a program where it runs', async () => {
    const opened = await openJavaScript();
    const code =
      'const seen = []; for (const make of [() => require("./no"), () => require("fs").readFileSync("no"), () => new Intl.NumberFormat("x-")]) { try { make() } catch (e) { seen.push(String(e.stack)) } } await import("./no.js").catch((e) => seen.push(String(e.stack))); seen.join("\\n")';
    const { outcome } = await opened.run(code);
    expect(outcome).toMatchObject({ kind: 'completed', error: null });
    expect(JSON.stringify(outcome)).not.toMatch(/blob:|worker|file:|node:|wasm/u);
    opened.dispose();
  });
});
