import { afterEach, describe, expect, test } from 'vitest';
import { unpackGuest } from '../../src/runners/javascript/saved-guest.ts';
import { saveGuest } from '../../tools/engines/save-guest.ts';
import { savedGuest } from '../support/javascript/saved-guest.ts';
import { openJavaScript, type TestSession } from '../support/javascript/open-javascript.ts';

const sessions: TestSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

async function result(code: string): Promise<string | null> {
  const session = await openJavaScript();
  sessions.push(session);
  const { outcome } = await session.run(code);
  return outcome.kind === 'completed' ? outcome.result : outcome.kind;
}

describe('the saved guest of JavaScript', () => {
  test('is the same bytes each time it is made', async () => {
    const [one, other] = [await saveGuest(), await saveGuest()];
    expect(Buffer.compare(one, other)).toBe(0);
  });

  test('gets random bytes of its own wherever it is restored, and is the same otherwise', async () => {
    const packed = await savedGuest();
    const [one, other] = [unpackGuest(packed), unpackGuest(packed)];
    const { random } = one.saved;
    expect(random).toHaveLength(2);
    for (const [at, length] of random) {
      expect(one.memory.subarray(at, at + length)).not.toEqual(other.memory.subarray(at, at + length));
      for (const { memory } of [one, other]) memory.fill(0, at, at + length);
    }
    expect(Buffer.compare(one.memory, other.memory)).toBe(0);
  });

  test('holds nothing below its stack, and what it holds lies within its memory', async () => {
    const { saved, memory } = unpackGuest(await savedGuest());
    const [first] = saved.pieces;
    expect(first?.[0]).toBeGreaterThanOrEqual(saved.stackPointer);
    const [at = 0, length = 0] = saved.pieces.at(-1) ?? [];
    expect(at + length).toBeLessThanOrEqual(memory.length);
  });

  test.each([
    'Array.from({ length: 4 }, () => Math.random()).join()',
    'crypto.randomUUID()',
    'crypto.getRandomValues(new Uint8Array(16)).join()',
    'Array.from({ length: 4 }, () => require("crypto").randomInt(2 ** 40)).join()',
  ])('no two sessions draw the same: %s', async (code) => {
    const drawn = new Set([await result(code), await result(code), await result(code)]);
    expect(drawn.size).toBe(3);
  });

  test('its random numbers stand in the state that was set, and nowhere else', async () => {
    const draws = 'const seen = new Set(Array.from({ length: 2000 }, Math.random));';
    const within = '[...seen].every((one) => one >= 0 && one < 1)';
    expect(await result(`${draws} [seen.size, ${within}]`)).toBe('[ 2000, true ]');
  });

  test('its clocks are those of the session, not of the build', async () => {
    const before = Date.now();
    const now = Number(await result('Date.now()'));
    expect(now).toBeGreaterThanOrEqual(before - 1000);
    expect(now).toBeLessThanOrEqual(Date.now() + 1000);
    expect(await result('[performance.now() >= 0, performance.now() < 600_000]')).toBe('[ true, true ]');
  });
});
