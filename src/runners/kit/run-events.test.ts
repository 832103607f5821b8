import { afterEach, describe, expect, test, vi } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import type { RunEvent } from '../../contracts/run.ts';
import { RunEvents } from './run-events.ts';

function collect() {
  const seen: RunEvent[] = [];
  return { seen, events: new RunEvents(3, (event) => seen.push(event)) };
}
const artifact = { kind: 'file', name: 'a', path: '/mnt/data/a', mime: 'text/plain', bytes: 1 } as const;

describe('events on their way out', () => {
  afterEach(() => vi.useRealTimers());

  test('a flood of text becomes at most sixty pieces a second, and none of it waits for the next', () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    const { seen, events } = collect();
    for (let ms = 0; ms < 1000; ms += 1) {
      for (let n = 0; n < 100; n += 1) events.pass({ kind: 'output', stream: 'stdout', text: 'a' });
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(17);
    const texts = seen.map((event) => (event.kind === 'output' ? event.text : ''));
    expect(texts.join('')).toHaveLength(100_000);
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.length).toBeLessThanOrEqual(60 + 1);
  });

  test('printed text is shown before what follows it', () => {
    const { seen, events } = collect();
    events.pass({ kind: 'output', stream: 'stdout', text: 'a' });
    events.pass({ kind: 'output', stream: 'stdout', text: 'b' });
    events.pass({ kind: 'notice', text: 'n' });
    expect(seen.map((event) => (event.kind === 'output' ? event.text : event.kind)).join('|')).toBe('a|b|notice');
  });

  test('a path outside of the tree is no path', () => {
    const { seen, events } = collect();
    events.pass({ kind: 'artifact', artifact: { ...artifact, path: '/etc/passwd' } });
    expect(seen).toEqual([{ kind: 'artifact', artifact: { ...artifact, path: null, id: '3-artifact-1' } }]);
  });

  test('forged floods are bounded', () => {
    const { seen, events } = collect();
    const text = 'x'.repeat(LIMITS.outputForgedUtf16.standard);
    for (let n = 0; n < 10; n += 1) events.pass({ kind: 'output', stream: 'stdout', text });
    events.flush();
    const shown = seen.reduce((sum, event) => sum + (event.kind === 'output' ? event.text.length : 0), 0);
    expect(shown).toBeLessThanOrEqual(LIMITS.outputForgedUtf16.standard * 2);
    let goes = true;
    for (let n = 0; n < 1000 && goes; n += 1) goes = events.pass({ kind: 'artifact', artifact });
    expect(goes).toBe(false);
    for (let n = 0; n < 1000; n += 1) events.pass({ kind: 'notice', text: 'n' });
    expect(seen.filter((event) => event.kind === 'notice').length).toBeLessThanOrEqual(100);
  });
});
