import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromWorkerSchema } from '../../src/contracts/runner-protocol.ts';
import { javascriptRunner, openJavaScript } from '../support/javascript/open-javascript.ts';
import { openInNode } from '../support/kit/open-node.ts';
import { type LoopbackServer, startLoopback } from '../support/loopback-server.ts';
import { gateFor } from '../support/open-gate.ts';

let server: LoopbackServer;
beforeAll(async () => {
  server = await startLoopback(({ path, body }, response) => {
    if (path === '/never') return;
    response.setHeader('content-type', 'application/json');
    response.statusCode = path === '/missing' ? 404 : 200;
    const asked = server.seen.filter((one) => one.path === '/never').length;
    response.end(JSON.stringify({ path, body, asked, left: server.left.length }));
  });
});
afterAll(() => server.close());

describe.each([true, false])('fetch of JavaScript (shared memory: %s)', (hasSharedMemory) => {
  test('gets what its conversation may reach, several at once', async () => {
    const opened = await openJavaScript({ hasSharedMemory });
    const network = await gateFor([server.origin]);
    const { outcome } = await opened.run(
      `const paths = ['/a', '/missing', '/c'];
       const all = await Promise.all(paths.map((path) => fetch('${server.origin}' + path, { method: 'POST', body: 'é' + path })));
       [all.map((one) => [one.status, one.ok]), (await all[1].json()).body, all[0].headers.get('content-type')].join(' ')`,
      { network },
    );
    expect(outcome).toMatchObject({ error: null, result: "'200,true,404,false,200,true é/missing application/json'" });
    opened.dispose();
  });

  test('says which host was not allowed, and how to allow it', async () => {
    const opened = await openJavaScript({ hasSharedMemory });
    const network = await gateFor([]);
    const { outcome } = await opened.run(`await fetch('${server.origin}/')`, { network });
    expect(outcome).toMatchObject({ error: { code: 'run/network-off', line: 1 } });
    const message = outcome.kind === 'completed' ? outcome.error?.message : '';
    expect(message).toContain(server.host);
    expect(message).toContain('popup');
    expect(outcome.kind === 'completed' && outcome.error?.traceback).toContain(server.host);
    opened.dispose();
  });

  test('ends a request by its signal: soon, by a time, and before it begins; the run goes on', async () => {
    const opened = await openJavaScript({ hasSharedMemory });
    const network = await gateFor([server.origin]);
    const left = server.left.length;
    const asked = server.seen.filter((one) => one.path === '/never').length;
    const { outcome } = await opened.run(
      `const reasons = [];
       const until = async (holds) => {
         for (;;) {
           if (holds(await (await fetch('${server.origin}/a', { signal: AbortSignal.timeout(600_000) })).json())) return;
           await new Promise((soon) => setTimeout(soon, 300));
         }
       };
       const attempt = (signal) => fetch('${server.origin}/never', { signal }).catch((error) => reasons.push(error.name ?? error));
       const controller = new AbortController();
       const waiting = attempt(controller.signal);
       await until(({ asked }) => asked > ${asked});
       controller.abort();
       await waiting;
       await attempt(AbortSignal.timeout(20));
       await attempt(AbortSignal.abort('mine'));
       // The gate lets go of what had begun, though the run goes on.
       await until(({ left }) => left > ${left});
       reasons.join(' ')`,
      { network },
    );
    expect(outcome).toMatchObject({ error: null, result: "'AbortError TimeoutError mine'" });
    opened.dispose();
  });

  test('is stopped while a host does not answer; the next run works', async () => {
    const opened = await openJavaScript({ hasSharedMemory });
    const network = await gateFor([server.origin]);
    const stopping = new AbortController();
    const seen = server.seen.length;
    const running = opened.run(`await fetch('${server.origin}/never')`, { network, signal: stopping.signal });
    await expect.poll(() => server.seen.length).toBe(seen + 1);
    stopping.abort();
    expect((await running).outcome).toMatchObject({ kind: 'cancelled', sessionLost: false });
    expect((await opened.run('6 * 7')).outcome).toMatchObject({ result: '42' });
    opened.dispose();
  });
});

// Who waits is given longer to hear a Stop than who computes.
test('a program that asked does not count as one that waits, before the answer and after it', async () => {
  const stages: string[] = [];
  const opened = await openInNode(javascriptRunner(), { hasSharedMemory: false }, undefined, (boxes) => ({
    warm: boxes.warm.bind(boxes),
    async open(engine, options) {
      const box = await boxes.open(engine, options);
      if (box.ok) {
        box.value.onMessage(
          (message) => {
            const { data } = fromWorkerSchema.safeParse(message);
            if (data?.kind !== 'event') return;
            if (data.event.kind === 'progress') stages.push(data.event.stage);
            else if (data.event.kind === 'output') stages.push(data.event.text.trim());
          },
          { signal: new AbortController().signal },
        );
      }
      return box;
    },
  }));
  const network = await gateFor([server.origin]);
  await opened.run(`void fetch('${server.origin}/never'); console.log('goes on');`, { network, timeMs: 500 });
  expect(stages.slice(0, 3)).toEqual(['started', 'goes on', 'waiting']);
  stages.length = 0;
  await opened.run(`await fetch('${server.origin}/a'); console.log('goes on');`, { network });
  expect(stages.slice(0, 4)).toEqual(['started', 'waiting', 'working', 'goes on']);
  opened.dispose();
});
