import { expect, test } from 'vitest';
import type { PortSender, RawPort } from '../../src/platform/index.ts';
import { OWN_ORIGIN } from './port-switchboard.ts';

/** A door that is served behind a switchboard, in the words of the bridge's protocol. */
export interface ServedForTest {
  readonly door: string;
  connect(sender: Partial<PortSender>): RawPort;
  /** A request that is answered well for everybody. */
  readonly good: { readonly method: string; readonly body: unknown };
  /** A method that the site may not call. */
  readonly forbiddenForSite: string;
  /** How often any handler was called so far. */
  handled(): number;
}

type Answer = Record<string, unknown>;

/** Speaks to a port in raw frames, as somebody would who does not use our client. */
export function speak(port: RawPort) {
  const answers: Answer[] = [];
  const { signal } = new AbortController();
  const wakes = new Set<() => void>();
  port.onMessage(
    (frame) => {
      const json = (frame as { json?: string }).json;
      if (json !== undefined) answers.push(JSON.parse(json) as Answer);
      for (const wake of wakes) wake();
    },
    { signal },
  );
  return {
    say: (message: unknown) => port.post({ k: 'whole', json: JSON.stringify(message) }),
    raw: (frame: unknown) => port.post(frame),
    answers,
    heard: (matches: (answer: Answer) => boolean) =>
      new Promise<Answer>((resolve) => {
        const look = () => {
          const found = answers.find(matches);
          if (found) resolve(found);
        };
        wakes.add(look);
        look();
      }),
    /** Settles when everything sent before was worked through. */
    settled: async () => {
      for (let turn = 0; turn < 8; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
    },
  };
}

const hello = (door: string, clientId = 'client') => ({ kind: 'open', door, version: 1, clientId });
const SITE: Partial<PortSender> = { isOwn: true, origin: 'https://chatgpt.com', tabId: 3, frameId: 0 };

const FORGED: readonly (readonly [string, Partial<PortSender>])[] = [
  ['another extension', { ...SITE, isOwn: false }],
  ['another extension that names our origin', { isOwn: false, origin: OWN_ORIGIN, tabId: null, frameId: null }],
  ['a frame inside the page', { ...SITE, frameId: 7 }],
  ['another site', { ...SITE, origin: 'https://evil.example' }],
  ['a look-alike origin', { ...SITE, origin: 'https://chatgpt.com.evil.example' }],
  ['plain http', { ...SITE, origin: 'http://chatgpt.com' }],
  ['a page without a tab', { ...SITE, tabId: null }],
  ['a document without an origin', { ...SITE, origin: null }],
  ['the box', { isOwn: true, origin: 'null', tabId: null, frameId: 1 }],
];

/** Every served door keeps these, whatever it is about. */
export function doorContract(name: string, serve: () => ServedForTest): void {
  test.each(FORGED)(`${name}: tells nothing to %s, and leaves its port open`, async (_who, sender) => {
    const served = serve();
    const port = served.connect(sender);
    const other = speak(port);
    other.say(hello(served.door));
    other.say({ kind: 'request', id: '1', ...served.good });
    await other.settled();
    expect(other.answers).toEqual([]);
    expect(served.handled()).toBe(0);
    // Posting would throw on a closed port.
    other.say({ kind: 'ping', n: 1 });
  });

  test(`${name}: answers nothing before it was opened`, async () => {
    const served = serve();
    const other = speak(served.connect(SITE));
    other.say({ kind: 'request', id: '1', ...served.good });
    other.say({ kind: 'ping', n: 1 });
    await other.settled();
    expect(other.answers).toEqual([]);
    expect(served.handled()).toBe(0);
  });

  test(`${name}: refuses methods that do not exist or are not for this caller`, async () => {
    const served = serve();
    const other = speak(served.connect(SITE));
    other.say(hello(served.door));
    const wrong = ['constructor', '__proto__', 'toString', 'watch', 'nothing', served.forbiddenForSite];
    for (const [index, method] of wrong.entries()) {
      other.say({ kind: 'request', id: `w${index}`, method, body: {} });
      const answer = await other.heard((heard) => heard['id'] === `w${index}`);
      expect(answer).toMatchObject({ kind: 'refusal', error: { code: 'door/forbidden' } });
    }
    expect(served.handled()).toBe(0);
  });

  test(`${name}: refuses bodies of the wrong shape, and unknown keys`, async () => {
    const served = serve();
    const other = speak(served.connect(SITE));
    other.say(hello(served.door));
    const bodies = [null, 1, 'x', [], { ...(served.good.body as object), surprise: 1 }];
    for (const [index, body] of bodies.entries()) {
      other.say({ kind: 'request', id: `b${index}`, method: served.good.method, body });
      const answer = await other.heard((heard) => heard['id'] === `b${index}`);
      expect(answer).toMatchObject({ kind: 'refusal', error: { code: 'door/bad-message' } });
    }
    expect(served.handled()).toBe(0);
  });

  test(`${name}: does a repeated request once and answers it each time`, async () => {
    const served = serve();
    const other = speak(served.connect(SITE));
    other.say(hello(served.door));
    other.say({ kind: 'request', id: '7', ...served.good });
    other.say({ kind: 'request', id: '7', ...served.good });
    await other.settled();
    const again = speak(served.connect(SITE));
    again.say(hello(served.door));
    again.say({ kind: 'request', id: '7', ...served.good });
    await again.heard((heard) => heard['id'] === '7');
    expect(other.answers.filter((heard) => heard['id'] === '7')).toHaveLength(2);
    expect(served.handled()).toBe(1);
  });

  test(`${name}: another tab that guesses client and request id gets no stored answer`, async () => {
    const served = serve();
    const other = speak(served.connect(SITE));
    other.say(hello(served.door));
    other.say({ kind: 'request', id: '7', ...served.good });
    await other.heard((heard) => heard['id'] === '7');
    const thief = speak(served.connect({ ...SITE, tabId: 99 }));
    thief.say(hello(served.door));
    thief.say({ kind: 'request', id: '7', ...served.good });
    await thief.heard((heard) => heard['id'] === '7');
    expect(served.handled()).toBe(2);
  });

  test(`${name}: stops listening to a port that keeps sending nonsense; others go on`, async () => {
    const served = serve();
    const bad = speak(served.connect(SITE));
    bad.say(hello(served.door));
    for (let count = 0; count < 200; count += 1) bad.raw({ k: 'whole', json: '{"kind":"nonsense"}' });
    bad.say({ kind: 'request', id: '1', ...served.good });
    await bad.settled();
    expect(served.handled()).toBe(0);
    const fine = speak(served.connect(SITE));
    fine.say(hello(served.door));
    fine.say({ kind: 'request', id: '1', ...served.good });
    expect(await fine.heard((heard) => heard['id'] === '1')).toMatchObject({ kind: 'answer' });
  });
}
