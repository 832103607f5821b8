import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Channel, type Party } from './channel.ts';
import { encodeFrame } from './frames.ts';
import type { GuestMessage } from './messages.ts';
import { numbers } from './requests.ts';

function open() {
  const violations: string[] = [];
  const written: Uint8Array[] = [];
  const agent: GuestMessage[] = [];
  const channel = new Channel({
    write: (bytes) => written.push(bytes),
    onViolation: (detail) => violations.push(detail),
    onAgent: (message) => agent.push(message) > 0,
    firstId: 7,
  });
  return { channel, violations, written, agent };
}

function listen(answer = true): Party & { readonly heard: GuestMessage[]; lost: number } {
  const party = {
    heard: [] as GuestMessage[],
    lost: 0,
    receive: (message: GuestMessage) => {
      party.heard.push(message);
      return answer;
    },
    lose: () => {
      party.lost += 1;
    },
  };
  return party;
}

describe('the channel', () => {
  test('hands each id what is said to it', () => {
    const { channel, agent } = open();
    const [a, b] = [listen(), listen()];
    const [first, second] = [channel.join(a), channel.join(b)];
    channel.receive(encodeFrame('o', second, new Uint8Array([1, 2])));
    channel.receive(encodeFrame('s', first, numbers(33, 44, 2_000, 0)));
    channel.receive(encodeFrame('h', 0, numbers(2)));
    expect(a.heard).toEqual([{ kind: 'started', pid: 33, group: 44, cpuBeforeMs: 2 }]);
    expect(b.heard).toEqual([{ kind: 'output', stream: 'stdout', bytes: new Uint8Array([1, 2]) }]);
    expect(agent).toEqual([{ kind: 'hello', version: 2 }]);
  });

  test('drops what is said to an id that is gone', () => {
    const { channel, violations } = open();
    const party = listen();
    const id = channel.join(party);
    channel.leave(id);
    channel.receive(encodeFrame('o', id, new Uint8Array(5)));
    expect(party.heard).toEqual([]);
    expect(violations).toEqual([]);
  });

  test.each([
    ['an unknown type', encodeFrame('Q', 8, new Uint8Array(4))],
    ['an end that is too short', encodeFrame('x', 8, new Uint8Array(8))],
    ['a pong that is too long', encodeFrame('p', 8, new Uint8Array(13))],
    ['output of nothing', encodeFrame('o', 8)],
    ['a type that every object has', encodeFrame('\u0000', 8)],
  ])('does not believe a guest that sends %s, and says so once', (_, bytes) => {
    const { channel, violations } = open();
    const party = listen();
    channel.join(party);
    channel.receive(bytes);
    channel.receive(bytes);
    channel.receive(encodeFrame('o', 8, new Uint8Array(1)));
    expect(violations).toHaveLength(1);
    expect(party.heard).toEqual([]);
  });

  test('says once that the same bytes are wrong in two ways', () => {
    const { channel, violations } = open();
    const tooLong = new Uint8Array(9).fill(0xff);
    channel.receive(new Uint8Array([...encodeFrame('Q', 8), ...tooLong]));
    expect(violations).toEqual(['a frame of type 81 with 0 bytes']);
  });

  test('does not believe a guest whose words are out of place', () => {
    const { channel, violations } = open();
    const id = channel.join(listen(false));
    channel.receive(encodeFrame('f', id, new Uint8Array([1])));
    expect(violations).toEqual(['closed, out of place']);
  });

  test('loses everything at a reset, and hears again', () => {
    const { channel, violations } = open();
    const party = listen();
    channel.join(party);
    channel.receive(encodeFrame('Q', 1));
    channel.reset();
    expect(party.lost).toBe(1);
    expect(channel.size).toBe(0);
    const next = listen();
    channel.receive(encodeFrame('i', channel.join(next), numbers(4)));
    expect(next.heard).toEqual([{ kind: 'taken', bytes: 4 }]);
    expect(violations).toHaveLength(1);
  });

  test('tells the guest to end a connection that nobody listens for', () => {
    const { channel, written } = open();
    channel.receive(encodeFrame('n', 0x8000_0001, numbers(999)));
    expect(written).toEqual([encodeFrame('K', 0x8000_0001)]);
  });

  test('never throws and keeps nothing, whatever the guest sends', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .tuple(fc.constantFrom(...'hsoexicndfpr!Q'), fc.nat({ max: 12 }), fc.uint8Array({ maxLength: 30 }))
        .map(([type, id, payload]) => encodeFrame(type, id, payload)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { channel, violations } = open();
        const party = listen();
        channel.join(party);
        for (const each of pieces) channel.receive(each);
        expect(violations.length).toBeLessThanOrEqual(1);
        expect(channel.size).toBe(1);
      }),
    );
  });
});
