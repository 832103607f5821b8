// @vitest-environment happy-dom
// @vitest-environment-options { "url": "https://chatgpt.com/c/c1" }
import { afterEach, describe, expect, it } from 'vitest';
import { capturedCall } from '../../../tests/support/captured-call.ts';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import type { CapturedMessage, CaptureEvent } from '../../contracts/capture.ts';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import { beforePage, MOST_WAITING, startBeforePage, type Taker } from './before-page.ts';

let ended = new AbortController();
afterEach(() => {
  ended.abort();
  ended = new AbortController();
});

function start(signal = ended.signal) {
  return startBeforePage({
    window,
    open: () => Promise.resolve({ runs: createFakeRunsDoor(), settings: createFakeSettings({}) }),
    health: () => {
      throw new Error('nobody asked for a report');
    },
    messageText: () => null,
    sendSeedResponse: () => Promise.resolve(false),
    signal,
  });
}

const seen = (title: string): CaptureEvent => ({ kind: 'title', conversationId: 'c1', title });
/** A message as it stands, with all of its text so far. */
const said = (messageId: string, text: string): CaptureEvent => ({
  kind: 'message',
  message: { key: `c1|${messageId}`, messageId, text } as CapturedMessage,
});
const REPORT = { sessionId: 's1' } as unknown as PageReport;

/** A second script that notes what it gets. */
function createTaker() {
  const titles: string[] = [];
  const told: string[] = [];
  const heard: string[] = [];
  const hear = ({ type }: Event): void => void heard.push(type);
  const taker: Taker = {
    take: (event) => {
      told.push(event.kind === 'message' ? `${event.message.messageId} ${event.message.text}` : event.kind);
      if (event.kind === 'title') titles.push(event.title);
    },
    report: () => REPORT,
    drag: hear,
    deed: hear,
    navigation: hear,
  };
  return { titles, told, heard, taker };
}

/** Hands to a second script, until its end is called. */
function handTo({ taker }: ReturnType<typeof createTaker>): () => void {
  const life = new AbortController();
  beforePage()?.handTo(taker, { signal: life.signal });
  return () => life.abort();
}

describe('what the first script saw', () => {
  it('waits in its order for the second one, which has what comes later after it', () => {
    const first = start();
    for (const title of ['a', 'b', 'c']) first.take(seen(title));
    expect(first.report()).toBe('loading');
    const second = createTaker();
    handTo(second);
    first.take(seen('d'));
    expect(second.titles).toEqual(['a', 'b', 'c', 'd']);
    expect(first.report()).toBe(REPORT);
  });

  it('is bounded while the second one does not come: the newest are left out', () => {
    const first = start();
    for (let n = 0; n < MOST_WAITING + 5; n += 1) first.take(seen(String(n)));
    for (const kind of ['keydown', 'dragover', 'drop']) window.dispatchEvent(new Event(kind));
    const second = createTaker();
    handTo(second);
    expect(second.titles).toHaveLength(MOST_WAITING);
    expect(second.titles.at(-1)).toBe(String(MOST_WAITING - 1));
    expect(second.heard).toEqual([]);
  });

  it('has of a message that grows the latest alone, in its place among turns and calls', () => {
    const first = start();
    for (const [id, text] of ['a 1', 'b 1', 'a 12', 'a 123'].map((word) => word.split(' ')))
      first.take(said(String(id), String(text)));
    first.take(capturedCall());
    for (const text of ['1234', '12345']) first.take(said('a', text));
    const second = createTaker();
    handTo(second);
    expect(second.told).toEqual(['a 123', 'b 1', 'call', 'a 12345']);
  });

  it('has every call, however many messages wait', () => {
    const first = start();
    for (let n = 0; n <= MOST_WAITING; n += 1) first.take(said(String(n), ''));
    first.take(capturedCall());
    first.take(said('0', 'whole'));
    const second = createTaker();
    handTo(second);
    expect(second.told).toHaveLength(MOST_WAITING + 1);
    expect(second.told.at(-1)).toBe('call');
  });

  it('goes to one second script alone: where another comes, to that one and only once', () => {
    const first = start();
    first.take(seen('a'));
    const [second, another] = [createTaker(), createTaker()];
    const end = handTo(second);
    first.take(seen('b'));
    handTo(another);
    first.take(seen('c'));
    end();
    first.take(seen('d'));
    window.dispatchEvent(new Event('keydown'));
    expect([second.titles, another.titles]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect([second.heard, another.heard]).toEqual([[], ['keydown']]);
  });

  it('waits again where the second one ended', () => {
    const first = start();
    const [second, another] = [createTaker(), createTaker()];
    handTo(second)();
    first.take(seen('a'));
    expect(first.report()).toBe('loading');
    handTo(another);
    expect([second.titles, another.titles]).toEqual([[], ['a']]);
  });
});

describe('the first script', () => {
  it('hears what a person does before a listener that the page adds after it, and nothing after its end', () => {
    start();
    const second = createTaker();
    const order = second.heard;
    for (const kind of ['keydown', 'paste', 'drop'])
      window.addEventListener(kind, () => order.push(`page: ${kind}`), { capture: true, signal: ended.signal });
    handTo(second);
    for (const kind of ['keydown', 'paste', 'drop']) document.body.dispatchEvent(new Event(kind, { bubbles: true }));
    expect(order).toEqual(['keydown', 'page: keydown', 'paste', 'page: paste', 'drop', 'page: drop']);
    ended.abort();
    order.length = 0;
    window.dispatchEvent(new Event('keydown'));
    expect(order).toEqual([]);
  });

  it('that starts again is the one which the second script finds', () => {
    start();
    const again = start();
    again.take(seen('a'));
    const second = createTaker();
    handTo(second);
    expect(second.titles).toEqual(['a']);
  });
});
