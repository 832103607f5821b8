import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Envelope, Observation } from '../../interception/envelope.ts';
import { checkEnvelope } from './check-envelope.ts';
import { connectPage, openPageChannel } from './index.ts';
import { SENDER_LIMITS } from './wire.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({ kind: fc.constant('chunk' as const), stream: fc.nat(3), bytes }),
  fc.record({
    kind: fc.constant('end' as const),
    stream: fc.nat(3),
    how: fc.constantFrom('complete' as const, 'cancelled' as const, 'failed' as const),
  }),
  fc.record({
    kind: fc.constant('socket' as const),
    socket: fc.nat(3),
    url: fc.constant('wss://ws.chatgpt.com/p'),
    direction: fc.constantFrom('in' as const, 'out' as const),
    data: fc.oneof(fc.string(), bytes),
  }),
);

test('whatever is sent in whatever bursts arrives once, in order, unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(observation, { maxLength: 30 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (bursts, batchEnvelopes, batchesUnderWay) => {
        const target = new EventTarget();
        const stop = new AbortController();
        const got: Envelope[] = [];
        const sent = bursts.flat();
        const channel = openPageChannel({
          target,
          onAnswer: () => false,
          limits: { ...SENDER_LIMITS, batchEnvelopes, batchesUnderWay },
        });
        await new Promise<void>((resolve) => {
          connectPage({
            target,
            signal: stop.signal,
            onEnvelope: (one) => void (got.push(one) === sent.length + 1 && resolve()),
          });
          void (async () => {
            for (const burst of bursts) {
              for (const one of burst) channel.emit(one);
              await Promise.resolve();
            }
            channel.emit({ kind: 'health', counts: {} });
          })();
        });
        stop.abort();
        expect(got.slice(0, -1)).toEqual(sent.map((one, index) => ({ v: 1, seq: index + 1, ...one })));
      },
    ),
    { numRuns: 60 },
  );
});

test('memory is bounded and no chunk follows a lost one, whatever the bounds', () => {
  fc.assert(
    fc.property(
      fc.array(observation, { maxLength: 200 }),
      fc.integer({ min: 1, max: 40 }),
      (sent, waitingEnvelopes) => {
        const target = new EventTarget();
        const posted: Envelope[] = [];
        // An end that never acknowledges: the queue must stop growing.
        const { port1, port2 } = new MessageChannel();
        port1.close();
        const channel = openPageChannel({
          target,
          onAnswer: () => false,
          limits: { ...SENDER_LIMITS, waitingEnvelopes },
        });
        target.dispatchEvent(new MessageEvent('companion:offer', { cancelable: true, ports: [port2] }));
        for (const one of sent) channel.emit(one);
        const ends = sent.filter((one) => one.kind === 'end').length;
        expect(sent.length - channel.dropped()).toBeLessThanOrEqual(
          waitingEnvelopes + SENDER_LIMITS.batchesUnderWay + ends,
        );
        expect(posted).toEqual([]);
        port2.close();
      },
    ),
    { numRuns: 100 },
  );
});

test('the shape check never throws and lets nothing odd through', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withTypedArray: true }), (value) => {
      expect(checkEnvelope(value)).toBeNull();
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(observation, fc.string(), fc.anything(), (one, key, odd) => {
      const read = checkEnvelope({ v: 1, seq: 1, ...one, [key]: odd });
      if (read !== null) expect(Object.keys(read).length).toBeLessThanOrEqual(11);
    }),
    { numRuns: 2_000 },
  );
});
