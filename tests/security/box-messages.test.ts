import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOX_CONNECT, BOX_READY, type BoxReady } from '../../src/box/messages.ts';
import { MOST_UNITS, WINDOW_UNITS } from '../../src/box/outbox.ts';
import { launchFixture, type BrowserName, type Fixture } from '../support/box/extension.ts';
import type { FixtureHost } from '../support/box/host.ts';
import { times } from '../support/whole.ts';

declare const host: FixtureHost;

const RUNNER = {
  id: 'messages',
  script: `onmessage = async ({ data }) => {
    if (data.kind === 'engine') globalThis.box = data;
    if (data.kind === 'run') postMessage({ kind: 'done', value: await (0, eval)(data.code) });
  };`,
};

describe.each<BrowserName>(['chrome', 'firefox'])('messages out of a box in %s', (name) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await launchFixture(name);
  });
  afterAll(() => fixture.close());

  const run = (code: string) =>
    fixture.page.evaluate(
      async (engine, program) => {
        const opened = await host.open(engine);
        if (!('id' in opened)) throw new Error(opened.code);
        host.serveFiles(opened.id, { 'mine.txt': 'mine' });
        host.post(opened.id, { kind: 'run', code: program });
        const done = host.message(opened.id, 'done').then((message) => (message as { value: unknown }).value);
        const ended = await Promise.race([done, host.closed(opened.id)]);
        const reached = host.operations(opened.id);
        const others = host.boxes.get(opened.id)?.messages ?? [];
        host.close(opened.id);
        return { ended, reached, others };
      },
      RUNNER,
      code,
    );

  it('may claim anything and remain data', async () => {
    const { ended, others } = await run(`
      postMessage({ op: 'crashed', reason: 'forged' });
      postMessage({ op: 'answer', id: 1, answer: { ok: true } });
      postMessage({ kind: 'proof', failures: ['forged'] });
      postMessage({ kind: 'box' }); postMessage({ kind: 'engine', files: {} });
      postMessage(null); postMessage(undefined); postMessage(Symbol.iterator.toString()); postMessage(new Map([[1, 2]]));
      postMessage(JSON.parse('{"__proto__": {"polluted": true}}')); 'said'`);
    expect(ended).toBe('said');
    expect(others).toHaveLength(10);
    expect(await fixture.page.evaluate(() => ({ polluted: ({} as { polluted?: boolean }).polluted ?? null }))).toEqual({
      polluted: null,
    });
  });

  it('reach no path outside the session tree and no unknown operation', async () => {
    const operations = [
      ...['../x', 'a/../../x', '/etc/passwd', 'a//b', './a', '..', 'a/..', 'x\0y', 'x'.repeat(2000)].map((path) => ({
        op: 'stat',
        path,
      })),
      { op: 'rename', path: 'mine.txt', to: '../theirs' },
      { op: 'write', path: 'mine.txt', position: -1, bytes: null, truncateTo: null },
      { op: 'write', path: 'mine.txt', position: 0, bytes: 'text', truncateTo: null },
      { op: 'write', path: 'mine.txt', position: 0, bytes: null, truncateTo: 1e15 },
      { op: 'read', path: 'mine.txt', position: 0.5, length: 1 },
      { op: 'read', path: 'mine.txt', position: 0, length: 1e12 },
      { op: 'format', path: 'mine.txt' },
      { op: 'stat', path: 7 },
      null,
      'stat',
      { op: 'stat', path: 'mine.txt' },
    ];
    const { ended, reached } = await run(`(async () => {
      let left = ${operations.length};
      const answered = new Promise((done) => addEventListener('message', ({ data }) => data.kind === 'fileAnswer' && --left === 0 && done()));
      const errors = [];
      for (const operation of ${JSON.stringify(operations)}) {
        if (!box.mailbox) { postMessage({ kind: 'file', operation }); continue; }
        const words = new Int32Array(box.mailbox, 0, 16); words[0] = 0;
        postMessage({ kind: 'file', operation }); Atomics.wait(words, 0, 0); errors.push(words[1]);
      }
      if (!box.mailbox) await answered;
      return errors.filter((errno) => errno !== 7);
    })()`);
    // The last is the control: what is rightly formed does reach the tree.
    expect(ended).toEqual(name === 'chrome' ? [0] : []);
    expect(reached).toMatchObject([{ op: 'stat', path: 'mine.txt' }]);
  });

  it('cannot hand shared memory or code to the host', async () => {
    const code =
      name === 'chrome'
        ? `postMessage({ kind: 'gift', memory: new SharedArrayBuffer(8) }); new Promise(() => {})`
        : `postMessage({ kind: 'gift', code: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) }); new Promise(() => {})`;
    const { ended, others } = await run(code);
    expect(ended).toBe('crashed');
    expect(others).toEqual([]);
  });

  it('arrive whole and in order from hundreds of thousands of posts, in few deliveries, while the host stays awake', async () => {
    const posts = times(500_000, 200_000);
    const seen = await fixture.page.evaluate(
      async (engine, count) => {
        const opened = await host.opener.open(host.engineOf(engine), { signal: new AbortController().signal });
        if (!opened.ok) throw new Error(opened.error.code);
        let next = 0;
        let deliveries = 0;
        let isCounted = false;
        let isOrdered = true;
        let inATurn = 0;
        let mostInATurn = 0;
        const finished = new Promise<string>((done) => {
          opened.value.onMessage(
            (message) => {
              if (!isCounted) {
                isCounted = true;
                deliveries++;
                queueMicrotask(() => (isCounted = false));
              }
              const { n } = message as { n?: number };
              if (n === undefined) return done('finished');
              inATurn++;
              mostInATurn = Math.max(mostInATurn, inATurn);
              isOrdered &&= n === next++;
            },
            { signal: new AbortController().signal },
          );
          void opened.value.closed.then(done);
        });
        // The host's own work, which asks for its next turn in each: what comes between two of them keeps the host from it.
        let ownTurns = 0;
        const own = new MessageChannel();
        own.port1.onmessage = () => {
          ownTurns++;
          inATurn = 0;
          own.port2.postMessage(null);
        };
        own.port2.postMessage(null);
        const startedAt = performance.now();
        opened.value.post({
          kind: 'run',
          code: `for (let n = 0; n < ${count}; n++) postMessage({ n, text: 'some line of output' }); 1`,
        });
        const how = await finished;
        const seconds = (performance.now() - startedAt) / 1000;
        own.port1.close();
        opened.value.close();
        return { how, next, isOrdered, deliveries, seconds, ownTurns, mostInATurn };
      },
      RUNNER,
      posts,
    );
    expect(seen).toMatchObject({ how: 'finished', next: posts, isOrdered: true });
    expect(seen.deliveries).toBeLessThanOrEqual(60 * seen.seconds + 10);
    // No more than four deliveries are on their way at a time; a worker with shared memory waits at a full window.
    expect(seen.ownTurns).toBeGreaterThanOrEqual(Math.floor(seen.deliveries / 8));
    expect(seen.mostInATurn).toBeLessThanOrEqual(4 * (name === 'chrome' ? WINDOW_UNITS : MOST_UNITS));
  });

  it('are ignored when they come from any other window', async () => {
    // Not what is so: had it been taken, the answer would show it.
    const forged: BoxReady = { op: BOX_READY, hasSharedMemory: name !== 'chrome' };
    const seen = await fixture.page.evaluate(
      async (engine, ready) => {
        const opening = host.open(engine);
        postMessage(ready, '*');
        const forger = document.createElement('iframe');
        forger.srcdoc = '';
        document.body.append(forger);
        const other = forger.contentWindow as (Window & typeof globalThis) | null;
        other?.parent.postMessage(ready, '*');
        const opened = await opening;
        forger.remove();
        if (!('id' in opened)) return opened;
        const frames = await host.frames();
        host.close(opened.id);
        return { hasSharedMemory: opened.hasSharedMemory, frames };
      },
      RUNNER,
      forged,
    );
    expect(seen).toEqual({ hasSharedMemory: name === 'chrome', frames: 1 });
  });

  it('keep coming from a worker that tries to end itself', async () => {
    expect((await run('try { close() } catch {} "still here"')).ended).toBe('still here');
    expect(
      (await run('try { DedicatedWorkerGlobalScope.prototype.close.call(self) } catch {} "still here"')).ended,
    ).toBe('still here');
  });

  it('have nobody to go to when the box page is opened by itself', async () => {
    const page = await fixture.open('box.html');
    const seen = await page.evaluate(async (connect) => {
      const channel = new MessageChannel();
      let answered = false;
      channel.port1.onmessage = () => (answered = true);
      postMessage({ op: connect }, '*', [channel.port2]);
      channel.port1.postMessage({ op: 'start', script: 'postMessage(1)' });
      // Our own message comes after the one above in the same queue.
      await new Promise((done) => {
        addEventListener('message', (event) => event.data === 'last' && done(null));
        postMessage('last', '*');
      });
      return { answered, origin: self.origin };
    }, BOX_CONNECT);
    expect(seen.answered).toBe(false);
    expect(page.workers()).toEqual([]);
    expect(seen.origin).toBe(name === 'chrome' ? 'null' : fixture.origin);
    await page.close();
  });
});

// Both browsers at once: a probe that hangs is waited for, ten seconds long.
describe.concurrent.each<BrowserName>(['chrome', 'firefox'])('a box with a hole in its wall in %s', (name) => {
  it('fails its self-test and is not handed out', async () => {
    const fixture = await launchFixture(name, { hasNetworkHole: true });
    const seen = await fixture.page.evaluate(async (engine) => {
      const opened = await host.open(engine);
      return { opened, frames: await host.frames() };
    }, RUNNER);
    await fixture.close();
    expect(seen).toEqual({ opened: { code: 'box/self-test-failed', detail: 'network' }, frames: 0 });
  });
});
