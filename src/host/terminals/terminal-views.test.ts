import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { TerminalViews } from './terminal-views.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TOO_MUCH = 'x'.repeat(LIMITS.terminalUndrawnUtf16.standard + 1);
const ended = new AbortController();
const watched = (views: TerminalViews, viewId: string) => {
  views.attach(viewId, views.mark());
  const source = views.source(viewId);
  source?.onMore(() => undefined, { signal: ended.signal });
  return source;
};

describe('the pages that show a terminal', () => {
  it('get what was printed in few events, numbered without gaps', () => {
    const views = new TerminalViews(() => undefined);
    const source = watched(views, 'one');
    for (const text of ['a', 'b', 'c']) views.output(text);
    expect(source?.read(0, 10)).toEqual([{ n: 1, event: { kind: 'output', text: 'abc' } }]);
    views.output('d');
    views.end({ kind: 'lost' });
    expect(source?.read(1, 10)?.map(({ n, event }) => [n, event.kind])).toEqual([
      [2, 'output'],
      [3, 'ended'],
    ]);
    expect(source?.isEndAt(3)).toBe(true);
  });

  it('are waited for, the slowest of them', () => {
    const views = new TerminalViews(() => undefined);
    watched(views, 'quick');
    watched(views, 'slow');
    views.output('abc');
    views.drawn('quick', views.mark());
    expect(views.undrawnUtf16).toBe(3);
    views.drawn('slow', 1);
    expect(views.undrawnUtf16).toBe(0);
  });

  it('are waited for no more once they draw nothing for long; others go on', () => {
    let changes = 0;
    const views = new TerminalViews(() => (changes += 1));
    const stuck = watched(views, 'stuck');
    const other = watched(views, 'other');
    views.output(TOO_MUCH);
    views.drawn('other', views.mark());
    vi.advanceTimersByTime(LIMITS.terminalStuckMs.standard - 1);
    expect(views.undrawnUtf16).toBe(TOO_MUCH.length);
    changes = 0;
    vi.advanceTimersByTime(1);
    expect(stuck?.read(0, 10)).toBeNull();
    expect(views.source('stuck')).toBeNull();
    expect(views.undrawnUtf16).toBe(0);
    expect(changes).toBe(1);
    views.output('y');
    expect(other?.read(views.mark() - 1, 10)?.map(({ event }) => event)).toEqual([{ kind: 'output', text: 'y' }]);
  });

  it('go when nobody watches them soon', () => {
    const views = new TerminalViews(() => undefined);
    views.attach('never watched', 0);
    vi.advanceTimersByTime(60_000);
    expect(views.count).toBe(0);
  });

  it('cannot claim to have drawn what there is not', () => {
    const views = new TerminalViews(() => undefined);
    watched(views, 'one');
    views.output('abc');
    views.drawn('one', 99);
    views.drawn('nobody', 1);
    expect(views.undrawnUtf16).toBe(3);
  });
});
