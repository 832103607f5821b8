import { expect, it } from 'vitest';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { askForFailures, sentenceOf } from './failure-words.ts';

it('waits for the words of a failure that this page has none for; what is known of this one is no sentence', async () => {
  let isAsked = 0;
  askForFailures(async () => {
    isAsked += 1;
    return FAILURES;
  });
  const failures = [appError('files/not-found', 'a.csv'), appError('host/unavailable', 'storage')];
  expect(await Promise.all(failures.map(sentenceOf))).toEqual([
    FAILURES['files/not-found'].title,
    FAILURES['host/unavailable'].title,
  ]);
  expect(isAsked).toBe(1);
});
