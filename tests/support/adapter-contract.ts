import { describe, expect, it } from 'vitest';
import { WIRE_LIMITS, type WireAdapter, type WireEvent, type WireFrame } from '../../src/wire/index.ts';

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  Number.MAX_VALUE,
  '',
  'v1',
  [],
  [[]],
  {},
  { type: null },
  { type: {} },
  { v: null },
  { o: 'add', p: '/', v: {} },
  { message: [] },
  { message: { id: 'x', author: null } },
  { mapping: { a: { parent: 'a' } }, current_node: 'a' },
  { messages: [null, 1, 'x', { id: 1 }] },
  { type: 'message', payload: { type: 'conversation-turn-stream', payload: { encoded_item: 1 } } },
  { type: 'message', data: { type: 'http.response.body', body: '%%%', more_body: false } },
  { type: 'reply', reply: { catchups: [null, { payload: [] }] } },
  { type: 'tool_call', id: 'x', content: { tool_name: 'python' } },
  { type: 'tool_call', id: 'x', fragmented: true, total_fragments: 2 ** 53, content: {} },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`),
  JSON.parse(`${'{"message":'.repeat(1_000)}1${'}'.repeat(1_000)}`),
];

/** The same kind of frame with other contents. */
function withValue(frame: WireFrame, value: unknown): WireFrame {
  if (frame.kind === 'archive')
    return { kind: 'archive', members: [{ name: 'conversations.json', text: JSON.stringify(value) }] };
  return { ...frame, value };
}

/** What every adapter keeps to: `samples` are frames of its format in order, `foreign` frames of others. */
export function adapterContract(
  adapter: WireAdapter,
  samples: readonly WireFrame[],
  foreign: readonly WireFrame[],
): void {
  const feed = (frames: readonly WireFrame[], emit: (event: WireEvent) => void): void => {
    const decoder = adapter.createDecoder({ stream: 'contract', limits: WIRE_LIMITS, now: () => 0, emit });
    for (const frame of frames) decoder.decode(frame);
  };
  const decode = (frames: readonly WireFrame[]): WireEvent[] => {
    const events: WireEvent[] = [];
    // Messages are live objects: what they say now is what counts.
    feed(frames, (event) => events.push(structuredClone(event)));
    return events;
  };

  describe(`adapter ${adapter.id}`, () => {
    it('recognises each of its samples', () => {
      expect(samples.length).toBeGreaterThan(0);
      for (const frame of samples) expect(adapter.recognise(frame)).toBe(true);
    });

    it('recognises no frame of another format', () => {
      expect(foreign.filter((frame) => adapter.recognise(frame))).toStrictEqual([]);
    });

    it('yields something for its samples, and the same each time', () => {
      const events = decode(structuredClone(samples));
      expect(events.length).toBeGreaterThan(0);
      expect(decode(structuredClone(samples) as WireFrame[])).toStrictEqual(events);
    });

    it('does not throw on repeated, missing or reversed frames', () => {
      const frames = (): WireFrame[] => structuredClone(samples) as WireFrame[];
      expect(() => decode([...frames(), ...frames()])).not.toThrow();
      expect(() => decode(frames().toReversed())).not.toThrow();
      expect(() => decode(frames().slice(1))).not.toThrow();
    });

    it('does not throw on shapes that it does not know, and touches no prototype', () => {
      const [sample] = samples;
      if (!sample) throw new Error('no sample');
      for (const value of HOSTILE) {
        const frames = [withValue(sample, value), sample];
        expect(() => {
          feed(frames, () => undefined);
        }).not.toThrow();
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    });

    it('keeps decoders apart', () => {
      const events = decode(structuredClone(samples));
      decode(structuredClone<WireFrame[]>(samples.slice(0, 1)));
      expect(decode(structuredClone(samples) as WireFrame[])).toStrictEqual(events);
    });
  });
}
