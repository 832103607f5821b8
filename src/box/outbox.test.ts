import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

function makeOutbox() {
  let nowMs = 0;
  const due: (() => void)[] = [];
  const delivered: (readonly unknown[])[] = [];
  let overflows = 0;
  const outbox = new Outbox({
    deliver: (messages) => delivered.push(messages),
    onOverflow: () => overflows++,
    now: () => nowMs,
    schedule: (run) => due.push(run),
  });
  const tick = (ms: number): void => {
    nowMs += ms;
    for (const run of due.splice(0)) run();
  };
  return { outbox, delivered, tick, overflows: () => overflows };
}

describe('Outbox', () => {
  it('sends the first messages after a rest at once', () => {
    const { outbox, delivered } = makeOutbox();
    outbox.add('a');
    outbox.add('b');
    expect(delivered).toEqual([['a'], ['b']]);
  });

  it('sends no more than sixty deliveries a second, all messages in order', () => {
    const { outbox, delivered, tick } = makeOutbox();
    const sent: number[] = [];
    for (let ms = 0; ms < 1000; ms++) {
      for (let i = 0; i < 10; i++) {
        sent.push(sent.length);
        outbox.add(sent.length - 1);
      }
      outbox.took();
      tick(1);
    }
    tick(100);
    expect(delivered.length).toBeLessThanOrEqual(60 + 8 + 1);
    expect(delivered.flat()).toEqual(sent);
  });

  it('sends at once what may answer a word of the host', () => {
    const { outbox, delivered, tick } = makeOutbox();
    for (let turn = 0; turn < 100; turn++) {
      outbox.asked();
      for (const part of ['begun', 'said', 'ended']) {
        outbox.add(part);
        outbox.took();
      }
      tick(1);
    }
    expect(delivered).toHaveLength(300);
  });

  it('sends the next message once it may, not later', () => {
    const { outbox, delivered, tick } = makeOutbox();
    const add = (): void => {
      outbox.add('next');
      outbox.took();
    };
    for (let n = 0; n < 9; n++) add();
    expect(delivered).toHaveLength(8);
    tick(17);
    expect(delivered).toHaveLength(9);
    tick(10);
    add();
    expect(delivered).toHaveLength(9);
    tick(7);
    expect(delivered).toHaveLength(10);
  });

  it('holds back while the host has not taken what was sent', () => {
    const { outbox, delivered } = makeOutbox();
    for (let i = 0; i < 6; i++) outbox.add(i);
    expect(delivered).toEqual([[0], [1], [2], [3]]);
    outbox.took();
    expect(delivered.at(-1)).toEqual([4, 5]);
  });

  it('reports once when more waits than a box holds, and drops what comes after', () => {
    const { outbox, delivered, overflows } = makeOutbox();
    const big = 'x'.repeat(32 * 1024 * 1024);
    for (let i = 0; i < 20; i++) outbox.add(big);
    expect(overflows()).toBe(1);
    expect(delivered.length).toBe(4);
  });
});
