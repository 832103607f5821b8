import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askProbe, type HookBrowser, openHookBrowser } from './support/hook-browser.ts';

const BASE = 'wss://ws.chatgpt.com/p1/ws/user';

/** Runs in the page: opens a socket, says things once it is open, gathers frames until `until` have come or it closes. */
async function talk(address: string, how: string, say: readonly string[], until: number): Promise<string[]> {
  const socket = new WebSocket(address);
  if (how.includes('arraybuffer')) socket.binaryType = 'arraybuffer';
  const got: string[] = [];
  const render = async (payload: unknown): Promise<string> => {
    if (typeof payload === 'string') return payload;
    const buffer = payload instanceof Blob ? await payload.arrayBuffer() : (payload as ArrayBuffer);
    return `${payload instanceof Blob ? 'blob' : 'buffer'} ${new Uint8Array(buffer).join()}`;
  };
  const frames: Promise<string>[] = [];
  await new Promise<void>((resolve) => {
    const take = (event: MessageEvent): void => {
      frames.push(render(event.data));
      if (frames.length === until) resolve();
    };
    if (how.includes('listener')) socket.addEventListener('message', take);
    else socket.onmessage = take;
    socket.onopen = () => {
      for (const text of say) {
        if (text === 'BYTES') {
          const bytes = new Uint8Array([1, 2, 3, 4]);
          socket.send(bytes.subarray(1, 3));
          bytes.fill(9);
        } else if (text === 'BLOB') socket.send(new Blob(['b', 'l']));
        else socket.send(text);
      }
    };
    socket.onclose = () => resolve();
  });
  for (const frame of frames) got.push(await frame);
  socket.close();
  return got;
}

describe.each(['chrome', 'firefox'] as const)('sockets in %s', (name) => {
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

  test.each(['onmessage', 'listener', 'onmessage arraybuffer', 'listener arraybuffer'])(
    'text and binary frames reach page and hook in order: %s',
    async (how) => {
      const got = await page.evaluate(talk, `${BASE}/nine?verify=SECRET`, how, [], 9);
      const kind = how.includes('arraybuffer') ? 'buffer' : 'blob';
      const want = [...Array(9).keys()].map((n) => (n % 3 === 2 ? `${kind} ${n},0,255` : `{"n":${n}}`));
      expect(got).toEqual(want);
      const seen = await askProbe(page, { frames: 9 });
      expect(seen.frames.map(({ data }) => (typeof data === 'string' ? data : `${kind} ${data.join()}`))).toEqual(want);
      expect(new Set(seen.frames.map((frame) => frame.url))).toEqual(new Set([`${BASE}/nine`]));
      expect(JSON.stringify(seen)).not.toContain('SECRET');
    },
  );

  test('sees what the page sends, in order with what comes', async () => {
    const got = await page.evaluate(talk, `${BASE}/echo`, 'listener arraybuffer', ['one', 'BYTES', 'BLOB', 'two'], 4);
    expect(got).toEqual(['echo one', 'buffer 2,3', 'buffer 98,108', 'echo two']);
    const seen = await askProbe(page, { frames: 8 });
    expect(seen.frames.filter((frame) => frame.direction === 'out').map((frame) => frame.data)).toEqual([
      'one',
      [2, 3],
      [98, 108],
      'two',
    ]);
    expect(seen.frames.filter((frame) => frame.direction === 'in')).toHaveLength(4);
  });

  test('subclasses, constants and errors are those of the native', async () => {
    const facts = await page.evaluate(async (base) => {
      class Own extends WebSocket {
        readonly wasOwn: boolean;
        constructor(address: string) {
          super(address);
          this.wasOwn = new.target === Own;
        }
        hello(): number {
          return 1;
        }
      }
      const own = new Own(`${base}/echo`);
      const plain = new WebSocket(`${base}/echo`, ['p']);
      const failure = (make: () => unknown): string => {
        try {
          make();
          return 'no error';
        } catch (error) {
          return `${(error as Error).name} ${/extension/.test((error as Error).stack ?? '')}`;
        }
      };
      const call = WebSocket as unknown as () => void;
      const without = WebSocket as unknown as new () => void;
      const list = [
        own instanceof Own,
        own instanceof WebSocket,
        own.wasOwn,
        own.hello(),
        own.constructor === Own,
        plain.constructor === WebSocket,
        Object.getPrototypeOf(plain) === WebSocket.prototype,
        Object.getPrototypeOf(WebSocket) === EventTarget,
        [WebSocket.CONNECTING, WebSocket.OPEN, WebSocket.CLOSING, WebSocket.CLOSED].join(),
        Object.prototype.toString.call(plain),
        failure(() => call()),
        failure(() => new without()),
        failure(() => new WebSocket('ftp://x')),
        failure(() => plain.send('too early')),
        failure(() => WebSocket.prototype.send.call({}, 'x')),
      ];
      own.close();
      plain.close();
      return list;
    }, BASE);
    expect(facts).toEqual([
      true,
      true,
      true,
      1,
      true,
      true,
      true,
      true,
      '0,1,2,3',
      '[object WebSocket]',
      'TypeError false',
      'TypeError false',
      'SyntaxError false',
      'InvalidStateError false',
      'TypeError false',
    ]);
  });

  test('frames that a script of the page dispatches itself are not taken for traffic', async () => {
    await page.evaluate(async (base) => {
      const socket = new WebSocket(`${base}/echo`);
      await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
      socket.dispatchEvent(new MessageEvent('message', { data: '{"forged":1}' }));
      const back = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
      socket.send('real');
      await back;
      socket.close();
    }, BASE);
    const seen = await askProbe(page, { frames: 2 });
    expect(seen.frames.map((frame) => frame.data)).toEqual(['real', 'echo real']);
  });

  test('an answer goes out on the socket that asked, and on no other', async () => {
    await page.evaluate(async (base) => {
      const keep = window as unknown as { sockets: WebSocket[] };
      keep.sockets = [new WebSocket(`${base}/seed`), new WebSocket(`${base}/echo`)];
      await Promise.all(
        keep.sockets.map(
          (socket) => new Promise((resolve) => socket.addEventListener('open', resolve, { once: true })),
        ),
      );
    }, BASE);
    const { frames } = await askProbe(page, { frames: 1 });
    const asked = frames[0]?.socket ?? -1;
    const text = JSON.stringify({ id: 't1', type: 'tool_response', content: { stdout: '1\n' } });
    await askProbe(page, { answer: { socket: asked === 1 ? 2 : 1, text } });
    await askProbe(page, { answer: { socket: 99, text } });
    await askProbe(page, { answer: { socket: asked, text: '{"type":"message"}' } });
    await askProbe(page, { answer: { socket: asked, text: 'no json' } });
    await askProbe(page, { answer: { socket: asked, text } });
    const echoed = await askProbe(page, { frames: 2 });
    expect(echoed.frames.map((frame) => frame.data)).toContain(`echo ${text}`);
    expect(hooked.site.received.filter((one) => one.includes('tool_response') || one.includes('no json'))).toEqual([
      text,
    ]);
  });
});
