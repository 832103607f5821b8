import { expect, test, vi } from 'vitest';
import { standardPython } from '../../../tests/support/standard-python.ts';
import type { ParsedLanguage } from '../../contracts/analysis.ts';
import { createReading } from './create-reading.ts';
import { SAMPLES } from './samples.ts';
import { warmAtRest } from './warm-at-rest.ts';

const LANGUAGES: readonly ParsedLanguage[] = ['python', 'javascript', 'typescript', 'lua', 'shell'];

test('every language is warmed once, each when there was rest again', async () => {
  const acts: (() => void)[] = [];
  const warmed: ParsedLanguage[] = [];
  const rest = { after: (_quietMs: number, act: () => void) => void acts.push(act) };
  const warm = async (language: ParsedLanguage): Promise<void> => void warmed.push(language);
  warmAtRest({ warm }, rest, new AbortController().signal);
  expect(warmed).toEqual([]);
  for (let turn = 1; turn <= LANGUAGES.length + 1; turn += 1) {
    await vi.waitFor(() => expect(acts).toHaveLength(turn));
    acts[turn - 1]?.();
  }
  expect(warmed).toEqual(LANGUAGES);
});

test('nothing more is warmed once one failed or the host ended', async () => {
  const acts: (() => void)[] = [];
  const rest = { after: (_quietMs: number, act: () => void) => void acts.push(act) };
  const warm = vi.fn(() => Promise.reject(new Error('no worker')));
  warmAtRest({ warm }, rest, new AbortController().signal);
  acts[0]?.();
  await Promise.allSettled(warm.mock.results.map(({ value }) => value as Promise<void>));
  expect(acts).toHaveLength(1);
  warmAtRest({ warm }, rest, AbortSignal.abort());
  acts[1]?.();
  expect(warm).toHaveBeenCalledOnce();
});

test.each(LANGUAGES)('the sample of %s is read without a fault', async (language) => {
  const read = await createReading(standardPython).analyse({ code: SAMPLES[language], label: language }, '');
  expect(read.syntaxErrors).toEqual([]);
  expect(read.isPartial).toBe(false);
  expect(read.complexity.lines).toBeGreaterThan(20);
});
