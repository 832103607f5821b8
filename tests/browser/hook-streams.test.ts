import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askProbe, type HookBrowser, openHookBrowser } from './support/hook-browser.ts';
import { eventChunks, sha256 } from './support/hook-site.ts';
import { READ_STYLES, readInStyle, STOP_STYLES, stopInStyle } from './support/read-styles.ts';

const TURN = '/backend-api/f/conversation';

describe.each(['chrome', 'firefox'] as const)('event streams in %s', (name) => {
  let hooked: HookBrowser;
  let page: Page;

  beforeAll(async () => {
    hooked = await openHookBrowser(name);
  });
  afterAll(() => hooked.close());
  beforeEach(async () => {
    await page?.close();
    page = await hooked.open();
  });

  test.each(READ_STYLES)('page and hook get the bytes that the server wrote: %s', async (style) => {
    const want = sha256(Buffer.concat(eventChunks(80)));
    expect(await page.evaluate(readInStyle, style, `${TURN}?n=80`)).toBe(want);
    const seen = await askProbe(page, { ends: 1, healths: 1 });
    expect(seen.streams).toHaveLength(1);
    expect(seen.streams[0]).toMatchObject({ sha256: want, how: 'complete' });
    expect(seen.streams[0]?.open).toMatchObject({
      method: 'POST',
      url: `https://chatgpt.com${TURN}`,
      status: 200,
      request: '{"messages":[]}',
      transport: 'fetch',
    });
    expect(seen.counts).toMatchObject({ malformed: 0, missing: 0, overLimit: 0 });
    expect(seen.health).toMatchObject({ errors: 0, dropped: 0 });
  });

  test.each(Object.entries(STOP_STYLES))('what the page stops, stops at the server too: %s', async (style, want) => {
    const ended = hooked.site.nextStreamEnd();
    expect(await page.evaluate(stopInStyle, style, `${TURN}?n=3000&gap=5`)).toBe(want);
    const end = await ended;
    expect(end.sent).toBeLessThan(1_000);
    const seen = await askProbe(page, { ends: 1 });
    expect(seen.streams[0]?.how).toBe(style === 'abort' ? 'failed' : 'cancelled');
  });

  test.each(['an address', 'a Request'])('what the page read is seen, though it aborts at once: %s', async (form) => {
    const pieces = await page.evaluate(
      async (address, isRequest) => {
        const abort = new AbortController();
        const init = { method: 'POST', body: '{"messages":[]}', signal: abort.signal };
        const response = await (isRequest ? fetch(new Request(address, init)) : fetch(address, init));
        const reader = (response.body as ReadableStream<Uint8Array>).getReader();
        const lengths: number[] = [];
        while (lengths.length < 3) lengths.push((await reader.read()).value?.length ?? 0);
        abort.abort();
        return lengths;
      },
      `${TURN}?n=3000&gap=5`,
      form === 'a Request',
    );
    const [stream] = (await askProbe(page, { ends: 1 })).streams;
    expect(stream?.how).toBe('failed');
    expect(stream?.open?.request).toBe('{"messages":[]}');
    // Firefox gives our copy its piece a task after the page, so that an abort within the task takes that one along.
    const sure = name === 'chrome' ? pieces : pieces.slice(0, -1);
    expect(stream?.bytes).toBeGreaterThanOrEqual(sure.reduce((sum, length) => sum + length, 0));
  });

  test('keeps streams that run at the same time apart', async () => {
    const counts = [40, 55, 70];
    await Promise.all(counts.map((n) => page.evaluate(readInStyle, 'getReader', `${TURN}?n=${n}`)));
    const seen = await askProbe(page, { ends: 3 });
    const want = counts.map((n) => sha256(Buffer.concat(eventChunks(n)))).toSorted();
    expect(seen.streams.map((stream) => stream.sha256).toSorted()).toEqual(want);
  });

  test('a connection that breaks ends as failed, and the page sees its own error', async () => {
    const error = await page.evaluate(
      (address) =>
        fetch(address, { method: 'POST', body: '{}' })
          .then((response) => response.text())
          .then(
            () => 'no error',
            (reason: Error) => reason.name,
          ),
      `${TURN}?n=50&cut=20&gap=3`,
    );
    expect(error).toBe('TypeError');
    const seen = await askProbe(page, { ends: 1 });
    expect(seen.streams[0]?.how).toBe('failed');
    expect(seen.streams[0]?.bytes).toBeGreaterThan(0);
  });

  test('a refusal is told with its status and without its body', async () => {
    await page.evaluate(
      (address) => fetch(address, { method: 'POST', body: '{}' }).then((r) => r.text()),
      `${TURN}?status=429`,
    );
    const { streams } = await askProbe(page, { ends: 1 });
    expect(streams[0]?.open).toMatchObject({ status: 429, retryAfter: '30' });
    expect(streams[0]).toMatchObject({ bytes: 0, how: 'complete' });
  });

  test('reads history documents, and nothing that no rule names', async () => {
    await page.evaluate(async () => {
      await fetch('/backend-api/me').then((response) => response.json());
      await fetch('/other-stream', { method: 'POST', body: '{}' }).then((response) => response.text());
      await fetch('/backend-api/conversation/c1?x=1').then((response) => response.json());
    });
    const { streams } = await askProbe(page, { ends: 1 });
    expect(streams).toHaveLength(1);
    expect(streams[0]?.open).toMatchObject({
      method: 'GET',
      url: 'https://chatgpt.com/backend-api/conversation/c1?x=1',
      request: null,
    });
    expect(JSON.parse(streams[0]?.text ?? '')).toMatchObject({ title: 'é😀' });
  });

  test('survives the page wrapping fetch once more, later', async () => {
    await page.evaluate(async (address) => {
      const before = window.fetch;
      window.fetch = (...all: Parameters<typeof fetch>) => before(...all);
      await (await window.fetch(address, { method: 'POST', body: '{}' })).text();
    }, `${TURN}?n=5`);
    expect((await askProbe(page, { ends: 1 })).streams[0]?.how).toBe('complete');
  });

  test('keeps of a long request only which conversation it is about', async () => {
    await page.evaluate(
      (address) =>
        fetch(address, {
          method: 'POST',
          body: JSON.stringify({ conversation_id: 'c1', parent_message_id: 'p', secret: 'x'.repeat(70_000) }),
        }).then((response) => response.text()),
      `${TURN}?n=2`,
    );
    const { streams } = await askProbe(page, { ends: 1 });
    expect(JSON.parse(streams[0]?.open?.request ?? '')).toEqual({ conversation_id: 'c1', parent_message_id: 'p' });
  });

  test('rests when the isolated end goes away, and the page goes on', async () => {
    const want = sha256(Buffer.concat(eventChunks(60)));
    const reading = page.evaluate(readInStyle, 'getReader', `${TURN}?n=60&gap=5`);
    await askProbe(page, { end: true });
    expect(await reading).toBe(want);
    expect(await page.evaluate(readInStyle, 'text()', `${TURN}?n=60`)).toBe(want);
    expect((await askProbe(page)).isConnected).toBe(false);
  });
});

describe('the isolated script first', () => {
  test.each(['chrome', 'firefox'] as const)(
    'the two ends find each other in %s whichever starts first',
    async (name) => {
      const hooked = await openHookBrowser(name, { first: 'probe' });
      try {
        const page = await hooked.open();
        expect((await askProbe(page)).isConnected).toBe(true);
      } finally {
        await hooked.close();
      }
    },
  );
});
