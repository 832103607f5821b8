import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askProbe, type HookBrowser, openHookBrowser } from './support/hook-browser.ts';
import { eventChunks, sha256 } from './support/hook-site.ts';

const TURN = '/backend-api/f/conversation';

/** Runs in the page: one request; tells what the page got and in which order its events came. */
function request(
  method: string,
  address: string,
  type: string,
  abortAt: number,
): Promise<{ text: string; events: string[] }> {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const events: string[] = [];
    let seen = 0;
    xhr.open(method, address);
    xhr.responseType = type as XMLHttpRequestResponseType;
    xhr.onprogress = () => {
      if (events.at(-1) !== 'progress') events.push('progress');
      seen += 1;
      if (seen === abortAt) xhr.abort();
    };
    for (const name of ['load', 'abort', 'error'] as const) xhr.addEventListener(name, () => events.push(name));
    xhr.onloadend = () => {
      const answer: unknown = xhr.response;
      const text =
        answer instanceof ArrayBuffer
          ? new TextDecoder().decode(answer)
          : typeof answer === 'string'
            ? answer
            : JSON.stringify(answer);
      resolve({ text, events });
    };
    xhr.send('{"messages":[]}');
  });
}

describe.each(['chrome', 'firefox'] as const)('XMLHttpRequest in %s', (name) => {
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

  test.each(['', 'text', 'arraybuffer'])('a stream reaches page and hook whole, response type "%s"', async (type) => {
    const whole = Buffer.concat(eventChunks(60));
    const got = await page.evaluate(request, 'POST', `${TURN}?n=60&gap=4`, type, -1);
    expect(got.text).toBe(whole.toString());
    expect(got.events).toEqual(['progress', 'load']);
    const { streams } = await askProbe(page, { ends: 1 });
    expect(streams[0]).toMatchObject({ sha256: sha256(whole), how: 'complete' });
    expect(streams[0]?.open).toMatchObject({
      transport: 'xhr',
      request: '{"messages":[]}',
      url: `https://chatgpt.com${TURN}`,
    });
  });

  test('a document read as json is seen too, others are not', async () => {
    const got = await page.evaluate(request, 'GET', '/backend-api/conversation/c1', 'json', -1);
    await page.evaluate(request, 'GET', '/backend-api/me', 'json', -1);
    const { streams } = await askProbe(page, { ends: 1 });
    expect(streams).toHaveLength(1);
    expect(JSON.parse(streams[0]?.text ?? '')).toEqual(JSON.parse(got.text));
  });

  test('abort ends the stream as cancelled', async () => {
    const got = await page.evaluate(request, 'POST', `${TURN}?n=2000&gap=2`, 'text', 3);
    expect(got.events).toEqual(['progress', 'abort']);
    expect((await askProbe(page, { ends: 1 })).streams[0]?.how).toBe('cancelled');
  });

  test('one object used twice gives two streams', async () => {
    await page.evaluate(async (address) => {
      const xhr = new XMLHttpRequest();
      for (let turn = 0; turn < 2; turn += 1) {
        xhr.open('POST', address);
        const done = new Promise((resolve) => xhr.addEventListener('loadend', resolve, { once: true }));
        xhr.send('{}');
        await done;
      }
    }, `${TURN}?n=4`);
    const { streams } = await askProbe(page, { ends: 2 });
    const want = sha256(Buffer.concat(eventChunks(4)));
    expect(streams.map((stream) => [stream.sha256, stream.how])).toEqual([
      [want, 'complete'],
      [want, 'complete'],
    ]);
  });
});
