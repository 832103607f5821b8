import { expect, test, vi } from 'vitest';
import { textsInMemory } from '../../tests/support/run-records-in-memory.ts';
import { standardPython } from '../../tests/support/standard-python.ts';
import { createCodeReader } from './code-reader.ts';
import { createReading } from './reading/create-reading.ts';

const reading = createReading(standardPython);

const lenient = JSON.stringify({ rulesOff: ['py-eval'] });
const code = { code: 'eval(input())', label: 'py' };

test('rules of one’s own outlive the host', async () => {
  const texts = new Map<string, string>();
  const before = createCodeReader(textsInMemory(texts), reading);
  expect((await before.analyse(code)).unsafe).toHaveLength(1);
  expect(await before.setOptions(lenient)).toEqual({ ok: true, value: null });
  expect((await before.analyse(code)).unsafe).toEqual([]);
  const after = createCodeReader(textsInMemory(texts), reading);
  expect((await after.analyse(code)).unsafe).toEqual([]);
  expect(await after.options()).toBe(lenient);
});

test('rules that another version kept, and that are not understood, are shown and left out', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  const reader = createCodeReader(textsInMemory(new Map([['analysis-options', '{"old":1}']])), reading);
  expect((await reader.analyse(code)).unsafe).toHaveLength(1);
  expect(await reader.options()).toBe('{"old":1}');
  expect(warned).toHaveBeenCalledOnce();
  warned.mockRestore();
});

test('where they cannot be read, code is read without them, and they count once they can', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  const texts = textsInMemory(new Map([['analysis-options', lenient]]));
  let isBroken = true;
  const reader = createCodeReader(
    {
      ...texts,
      read: (name) => (isBroken ? Promise.reject(new Error('no disk')) : texts.read(name)),
    },
    reading,
  );
  expect((await reader.analyse(code)).unsafe).toHaveLength(1);
  isBroken = false;
  expect((await reader.analyse(code)).unsafe).toEqual([]);
  warned.mockRestore();
});

test('storage that hangs holds up one reading of code, and what it says at last counts', async () => {
  vi.useFakeTimers();
  const { promise, resolve } = Promise.withResolvers<string>();
  let reads = 0;
  const reader = createCodeReader(
    {
      ...textsInMemory(),
      read: () => {
        reads += 1;
        return promise;
      },
    },
    reading,
  );
  const first = reader.analyse(code);
  await vi.advanceTimersByTimeAsync(1_000);
  expect((await first).unsafe).toHaveLength(1);
  // Nobody moves a clock for these: they do not wait.
  expect((await reader.analyse(code)).unsafe).toHaveLength(1);
  expect((await reader.analyse(code)).unsafe).toHaveLength(1);
  expect(reads).toBe(1);
  resolve(lenient);
  await promise;
  expect((await reader.analyse(code)).unsafe).toEqual([]);
  vi.useRealTimers();
});

test('storage that never works is asked again each time, and warned of once', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  let reads = 0;
  const reader = createCodeReader(
    {
      ...textsInMemory(),
      read: () => {
        reads += 1;
        return Promise.reject(new Error('no disk'));
      },
    },
    reading,
  );
  for (let turn = 0; turn < 3; turn += 1) expect((await reader.analyse(code)).unsafe).toHaveLength(1);
  expect(reads).toBe(3);
  expect(warned).toHaveBeenCalledOnce();
  warned.mockRestore();
});

test('rules that cannot be kept do not count', async () => {
  const reader = createCodeReader({ ...textsInMemory(), write: () => Promise.reject(new Error('disk full')) }, reading);
  expect(await reader.setOptions(lenient)).toMatchObject({ error: { code: 'host/unavailable', detail: 'storage' } });
  expect((await reader.analyse(code)).unsafe).toHaveLength(1);
});
