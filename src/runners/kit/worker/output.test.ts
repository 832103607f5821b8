import { afterEach, describe, expect, test, vi } from 'vitest';
import type { WorkerEvent } from '../../../contracts/runner-protocol.ts';
import { createKeptFiles } from './kept-files.ts';
import { createOutput } from './output.ts';

function collect(shownBytes = 100, fileBytes = 1000) {
  const events: WorkerEvent[] = [];
  const send = (event: WorkerEvent) => void events.push(event);
  const kept = createKeptFiles(send);
  const output = createOutput({ send, kept, shownBytes, fileBytes });
  kept.begin(1);
  output.begin();
  return { events, output };
}

describe('output of a run', () => {
  afterEach(() => vi.useRealTimers());

  test('a line after a rest goes at once, those that follow go together, 8 ms after it', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { events, output } = collect(1_000_000);
    vi.advanceTimersByTime(100);
    for (let n = 0; n < 1000; n++) {
      output.write(1, `${n}\n`);
      if (n % 10 === 9) vi.advanceTimersByTime(1);
    }
    output.end();
    const texts = events.map((event) => (event.kind === 'output' ? event.text : ''));
    expect(texts[0]).toBe('0\n');
    expect(texts.join('')).toBe(Array.from({ length: 1000 }, (_, n) => `${n}\n`).join(''));
    // A hundred milliseconds.
    expect(texts.length).toBeLessThanOrEqual(100 / 8 + 2);
  });

  test('keeps the order of the streams', () => {
    const { events, output } = collect();
    output.write(1, 'a\n');
    output.write(2, 'b\n');
    output.write(1, 'c\n');
    output.end();
    expect(events).toEqual([
      { kind: 'output', stream: 'stdout', text: 'a\n' },
      { kind: 'output', stream: 'stderr', text: 'b\n' },
      { kind: 'output', stream: 'stdout', text: 'c\n' },
    ]);
  });

  test('joins the pieces of a line', () => {
    const { events, output } = collect();
    output.write(1, 'a');
    output.write(1, '\n');
    output.end();
    expect(events).toEqual([{ kind: 'output', stream: 'stdout', text: 'a\n' }]);
  });

  test('cuts at the bound and puts the rest in a file, to the last character', () => {
    const { events, output } = collect(5, 1000);
    expect(output.write(1, '0123456789')).toBe(true);
    output.end();
    expect(events.map((event) => event.kind)).toEqual(['output', 'fileOut', 'fileOut', 'truncated', 'fileOut']);
    expect(events[0]).toMatchObject({ text: '01234' });
    const last = events.at(-1);
    const bytes = last?.kind === 'fileOut' && last.change.op === 'write' ? last.change.bytes : null;
    expect(new TextDecoder().decode(bytes ?? new Uint8Array())).toBe('56789');
  });

  test('says when the file is full too, and keeps nothing of what is written after that', () => {
    const { events, output } = collect(5, 20);
    expect(output.write(1, 'x'.repeat(15))).toBe(true);
    expect(output.write(1, 'x'.repeat(15))).toBe(false);
    expect(output.write(1, 'late')).toBe(false);
    output.end();
    const filed = events.flatMap((event) =>
      event.kind === 'fileOut' && event.change.op === 'write'
        ? [new TextDecoder().decode(event.change.bytes ?? undefined)]
        : [],
    );
    expect(filed.join('')).toBe('x'.repeat(25));
  });

  test('a new run starts its counts anew', () => {
    const { events, output } = collect(5, 20);
    output.write(1, 'x'.repeat(50));
    output.end();
    events.length = 0;
    output.begin();
    output.write(1, 'abc\n');
    output.end();
    expect(events).toEqual([{ kind: 'output', stream: 'stdout', text: 'abc\n' }]);
  });
});
