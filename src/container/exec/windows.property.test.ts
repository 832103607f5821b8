import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinBytes } from '../../base/index.ts';
import { InputWindow, OUTPUT_WINDOW_BYTES, OutputCredit } from './windows.ts';

const WINDOW_BYTES = 65_536;

test('input arrives whole and in order, never more than the window ahead of its reader, and its end comes last', async () => {
  const step = fc.oneof(fc.record({ write: fc.nat({ max: 150_000 }) }), fc.record({ take: fc.nat({ max: 70_000 }) }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const sent: Uint8Array[] = [];
      let ended = 0;
      let onWay = 0;
      let value = 0;
      const input = new InputWindow(
        (bytes) => {
          expect(ended).toBe(0);
          onWay += bytes.length;
          expect(onWay).toBeLessThanOrEqual(WINDOW_BYTES);
          sent.push(bytes.slice());
        },
        () => (ended += 1),
      );
      const given: Uint8Array[] = [];
      const writes: Promise<void>[] = [];
      const take = (bytes: number): void => {
        const taken = Math.min(bytes, onWay);
        onWay -= taken;
        expect(input.taken(taken)).toBe(true);
      };
      for (const each of steps) {
        if ('take' in each) take(each.take);
        else {
          value = (value + 1) % 251;
          given.push(new Uint8Array(each.write).fill(value));
          writes.push(input.write(given.at(-1) ?? new Uint8Array(0)));
        }
      }
      input.close();
      while (onWay > 0) take(onWay);
      await Promise.all(writes);
      expect(joinBytes(sent)).toEqual(joinBytes(given));
      expect(ended).toBe(1);
    }),
    { numRuns: 50 },
  );
});

test('input that nobody will read lets its writer go, and a reader cannot take what it was not given', async () => {
  const input = new InputWindow(
    () => undefined,
    () => undefined,
  );
  const write = input.write(new Uint8Array(200_000));
  expect(input.taken(WINDOW_BYTES + 1)).toBe(false);
  input.drop();
  await write;
  await input.write(new Uint8Array(10));
});

test('output has leave for a window, and for as much again as was used up', async () => {
  let granted = 0;
  const letGo: (() => void)[] = [];
  const credit = new OutputCredit((bytes) => (granted += bytes));
  const piece = new Uint8Array(32_759);
  const take = () => new Promise<void>((resolve) => letGo.push(resolve));
  let passed = 0;
  while (credit.pass(piece, take)) passed += piece.length;
  expect(passed).toBeGreaterThan(OUTPUT_WINDOW_BYTES - piece.length);
  expect(passed).toBeLessThanOrEqual(OUTPUT_WINDOW_BYTES);
  expect(granted).toBe(0);
  for (const each of letGo) each();
  await expect.poll(() => granted).toBeGreaterThan(OUTPUT_WINDOW_BYTES - 200_000);
  expect(granted).toBeLessThanOrEqual(passed);
  expect(credit.pass(piece, take)).toBe(true);
});
