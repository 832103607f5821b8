import { expect, test } from 'vitest';
import { numbers } from '../channel/requests.ts';
import { parseSurvey } from './survey.ts';

test('figures of the agent in our units', () => {
  expect(parseSurvey(numbers(200_000, 50_000, 600_000, 300_000, 250, 750, 125))).toEqual({
    memoryBytes: 200_000 * 1024,
    availableBytes: 50_000 * 1024,
    diskBytes: 600_000 * 1024,
    freeDiskBytes: 300_000 * 1024,
    busyMs: 2_500,
    idleMs: 7_500,
    load: 1.25,
  });
});

test.each([0, 6, 8])('%i numbers are no answer', (count) => {
  expect(parseSurvey(numbers(...Array<number>(count).fill(1)))).toBeNull();
});
