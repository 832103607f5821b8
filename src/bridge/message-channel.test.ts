import { expect, test } from 'vitest';
import { createSwitchboard } from '../../tests/support/port-switchboard.ts';
import { LIMITS } from '../contracts/limits.ts';
import { isFrame } from './frame-check.ts';
import { openMessageChannel } from './message-channel.ts';

function pair() {
  const board = createSwitchboard();
  const ending = new AbortController();
  const { signal } = ending;
  const received: unknown[] = [];
  const bad: string[] = [];
  const waiting = new Set<() => void>();
  board.onPort(
    (port) => {
      openMessageChannel(port, {
        isFrame,
        signal,
        onBadFrame: (why) => bad.push(why),
        onMessage: (message) => {
          received.push(message);
          for (const wake of waiting) wake();
        },
      });
    },
    { signal },
  );
  const port = board.connect('x');
  const near = openMessageChannel(port, { signal, onMessage: () => undefined });
  const arrived = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => received.length >= count && resolve();
      waiting.add(look);
      look();
    });
  return { board, near, port, received, bad, arrived, ending };
}

test('carries small messages, long text and bytes of any size', async () => {
  const { near, received, arrived } = pair();
  const bytes = Uint8Array.from({ length: 3 * 1024 * 1024 + 1 }, (_, index) => index % 251);
  const long = 'ä"\n𝄞'.repeat(200_000);
  await near.send({ small: true });
  await near.send({ long });
  await near.send({ name: 'x', bytes, empty: new Uint8Array(0) });
  await arrived(3);
  expect(received[0]).toEqual({ small: true });
  expect((received[1] as { long: string }).long === long).toBe(true);
  const { bytes: got, empty } = received[2] as { bytes: Uint8Array; empty: Uint8Array };
  expect(Buffer.compare(Buffer.from(got), Buffer.from(bytes))).toBe(0);
  expect(empty).toEqual(new Uint8Array(0));
});

test('a small message overtakes a large one that is under way', async () => {
  const { near, received, arrived } = pair();
  const large = near.send({ kind: 'upload', bytes: new Uint8Array(20 * 1024 * 1024) });
  await near.send({ kind: 'stop' });
  await large;
  await arrived(2);
  expect(received.map((message) => (message as { kind: string }).kind)).toEqual(['stop', 'upload']);
});

test('refuses to send more than a message may have', async () => {
  const { near } = pair();
  const sent = await near.send({ bytes: new Uint8Array(LIMITS.messageBytes.standard + 1) });
  expect(sent).toMatchObject({ ok: false, error: { code: 'files/too-large' } });
});

test('sends no further than the receiver has taken', async () => {
  const board = createSwitchboard();
  const ending = new AbortController();
  let parts = 0;
  board.onPort((port) => port.onMessage(() => (parts += 1), { signal: ending.signal }), { signal: ending.signal });
  const near = openMessageChannel(board.connect('x'), { signal: ending.signal, onMessage: () => undefined });
  const sending = near.send({ bytes: new Uint8Array(64 * 1024 * 1024) });
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(parts).toBe(LIMITS.messagePartsUnseen.standard + 1);
  ending.abort();
  expect(await sending).toMatchObject({ ok: false, error: { code: 'host/lost' } });
});

test.each([
  null,
  'text',
  { k: 'whole', json: '{' },
  { k: 'whole' },
  { k: 'part', id: 9, of: 0, part: 'AAAA' },
  { k: 'open', id: 1, textUtf16: 1e15, sizes: [] },
  { k: 'open', id: 1, textUtf16: 4, sizes: [-1] },
])('drops the bad frame %j and says so', async (frame) => {
  const { near, port, received, bad, arrived } = pair();
  port.post(frame);
  await near.send('after');
  await arrived(1);
  expect(received).toEqual(['after']);
  expect(bad).toHaveLength(1);
});

test('drops a transfer whose parts do not fit what was announced', async () => {
  const { near, port, received, bad, arrived } = pair();
  port.post({ k: 'open', id: 1, textUtf16: 2, sizes: [3] });
  port.post({ k: 'part', id: 1, of: 0, part: 'AAAAAAAA' });
  port.post({ k: 'open', id: 2, textUtf16: 2, sizes: [3] });
  port.post({ k: 'part', id: 2, of: 0, part: '§§' });
  port.post({ k: 'open', id: 3, textUtf16: 2, sizes: [] });
  port.post({ k: 'part', id: 3, of: 5, part: '' });
  await near.send('after');
  await arrived(1);
  expect(received).toEqual(['after']);
  expect(bad).toEqual(['part', 'part', 'part']);
});
