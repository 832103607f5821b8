import { describe, expect, it } from 'vitest';
import { createSseReader, type SseEvent } from './sse-reader.ts';

const utf8 = new TextEncoder();

function read(pieces: readonly (string | Uint8Array)[], eventUtf16 = 1_000_000) {
  const events: SseEvent[] = [];
  const oversized: (string | null)[] = [];
  const reader = createSseReader({
    eventUtf16,
    onEvent: (event) => events.push(event),
    onOversized: (name) => oversized.push(name),
  });
  for (const piece of pieces) {
    if (typeof piece === 'string') reader.readText(piece);
    else reader.readBytes(piece);
  }
  reader.end();
  return { texts: events.map(({ text }) => text), events, oversized };
}

describe('createSseReader', () => {
  it.each(['\n', '\r', '\r\n'])('ends lines with %j, also when a cut falls between', (end) => {
    const body = `event: a${end}data: 1${end}${end}data: 2${end}data: 3${end}${end}`;
    expect(read([body]).events).toStrictEqual([
      { name: 'a', text: '1', isLast: false },
      { name: '', text: '2\n3', isLast: false },
    ]);
    expect(read([...body]).events).toStrictEqual(read([body]).events);
  });

  it('reads characters whose bytes are split, and drops one byte order mark', () => {
    const bytes = utf8.encode('\uFEFFdata: zażółć 🦜\n\n');
    expect(read([...bytes].map((byte) => Uint8Array.of(byte))).texts).toStrictEqual(['zażółć 🦜']);
  });

  it('turns invalid bytes into replacement characters', () => {
    expect(read([utf8.encode('data: '), Uint8Array.of(0xff), utf8.encode('!\n\n')]).texts).toStrictEqual(['\uFFFD!']);
  });

  it('ignores comments, ids, retries, unknown fields and events without data', () => {
    expect(read([': hi\nid: 1\nretry: x\nnonsense\nfoo: bar\n\nevent: a\n\ndata: 1\n\n']).texts).toStrictEqual(['1']);
  });

  it('hands over what is unfinished at the end, marked as last', () => {
    expect(read(['data: 1\n\ndata: [DONE]']).events[1]).toStrictEqual({ name: '', text: '[DONE]', isLast: true });
    expect(read(['data: 1\r']).events).toStrictEqual([{ name: '', text: '1', isLast: true }]);
    expect(read(['data: 1\n\n']).events).toStrictEqual([{ name: '', text: '1', isLast: false }]);
  });

  it('starts over after the end of a body', () => {
    const texts: string[] = [];
    const reader = createSseReader({
      eventUtf16: 100,
      onEvent: ({ text }) => texts.push(text),
      onOversized: () => undefined,
    });
    reader.readText('event: a\ndata: 1');
    reader.end();
    reader.readText('data: 2');
    reader.end();
    expect(texts).toStrictEqual(['1', '2']);
  });

  describe('with an event above the limit', () => {
    const LIMIT = 50_000;
    const long = 'x'.repeat(LIMIT + 1);

    it.each(['\n', '\r', '\r\n'])('drops it and reads the next one (lines end with %j)', (end) => {
      const body = `event: delta${end}data: ${'y'.repeat(200_000)}${end}${end}data: next${end}${end}`;
      for (const size of [1_000_000, 16_384, 7_001, 333]) {
        const pieces = body.match(new RegExp(`[^]{1,${String(size)}}`, 'g')) ?? [];
        const { texts, oversized } = read(pieces, LIMIT);
        expect(texts).toStrictEqual(['next']);
        expect(oversized).toHaveLength(1);
      }
    });

    it('drops one that grows by many lines', () => {
      const { texts, oversized } = read([`${'data: 1234567890\n'.repeat(20_000)}\ndata: next\n\n`], LIMIT);
      expect(texts).toStrictEqual(['next']);
      expect(oversized).toHaveLength(1);
    });

    it('takes one at the limit', () => {
      expect(read([`data: ${long.slice(1)}\n\n`], LIMIT).texts).toStrictEqual([long.slice(1)]);
    });

    it('does not mind a long comment', () => {
      const { texts, oversized } = read([`:${long.repeat(10)}\ndata: 1\n\n`], LIMIT);
      expect(texts).toStrictEqual(['1']);
      expect(oversized).toHaveLength(0);
    });

    it('says nothing more at the end of a body that ends inside it', () => {
      const { texts, oversized } = read([`data: ${'y'.repeat(500_000)}`], LIMIT);
      expect(texts).toStrictEqual([]);
      expect(oversized).toHaveLength(1);
    });
  });
});
