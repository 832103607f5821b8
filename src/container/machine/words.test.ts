import { expect, test, vi } from 'vitest';
import { Words } from './words.ts';

const said = (first: number, length = 1): Uint8Array => new Uint8Array(length).fill(first);

function words(settled: (Promise<void> | null)[], hear?: (bytes: Uint8Array) => void) {
  const heard: (number | undefined)[] = [];
  const onFault = vi.fn();
  const all = new Words({
    settled: () => settled.shift() ?? null,
    hear: hear ?? ((bytes) => void heard.push(bytes[0])),
    onFault,
  });
  return { all, heard, onFault };
}

test('without anything on the way each is heard at once', () => {
  const { all, heard } = words([]);
  all.take(said(1));
  expect(heard).toEqual([1]);
});

test('later ones wait for earlier ones, whatever they wait for themselves', async () => {
  const [one, two] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { all, heard } = words([one.promise, two.promise, null]);
  for (const first of [1, 2, 3]) all.take(said(first));
  two.resolve();
  await two.promise;
  expect(heard).toEqual([]);
  one.resolve();
  await expect.poll(() => heard).toEqual([1, 2, 3]);
  all.take(said(4));
  expect(heard).toEqual([1, 2, 3, 4]);
});

test('a flood is heard instead of kept', () => {
  const { all, heard } = words(Array.from({ length: 100 }, () => new Promise<void>(() => undefined)));
  for (let n = 0; n < 17; n += 1) all.take(said(n, 64 * 1024));
  expect(heard).toEqual(Array.from({ length: 17 }, (_, n) => n));
  all.take(said(17));
  expect(heard).toHaveLength(17);
});

test('those of a guest that is gone are never heard, and hold up nobody', async () => {
  const gone = Promise.withResolvers<void>();
  const { all, heard } = words([gone.promise]);
  all.take(said(1));
  all.forget();
  all.take(said(2));
  gone.resolve();
  await gone.promise;
  expect(heard).toEqual([2]);
});

test('who throws at one is told, and the next is heard', async () => {
  const heard: (number | undefined)[] = [];
  const { all, onFault } = words([Promise.resolve()], (bytes) => {
    heard.push(bytes[0]);
    if (bytes[0] === 1) throw new Error('no');
  });
  all.take(said(1));
  all.take(said(2));
  await expect.poll(() => heard).toEqual([1, 2]);
  expect(onFault).toHaveBeenCalledOnce();
});
