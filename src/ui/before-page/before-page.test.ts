// @vitest-environment happy-dom
// @vitest-environment-options { "url": "https://chatgpt.com/c/c1" }
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import type { CaptureEvent } from '../../contracts/capture.ts';
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
    sendSeedResponse: () => Promise.resolve(false),
    signal,
  });
}

const seen = (title: string): CaptureEvent => ({ kind: 'title', conversationId: 'c1', title });
const REPORT = { sessionId: 's1' } as unknown as PageReport;

/** A second script that notes what it gets. */
function createTaker() {
  const titles: string[] = [];
  const heard: string[] = [];
  const hear = ({ type }: Event): void => void heard.push(type);
  const taker: Taker = {
    take: (event) => void (event.kind === 'title' && titles.push(event.title)),
    report: () => REPORT,
    drag: hear,
    deed: hear,
    navigation: hear,
  };
  return { titles, heard, taker };
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
    expect(first.report()).toBeNull();
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
    expect(first.report()).toBeNull();
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
