import { expect, test } from 'vitest';
import { nextTask } from './next-task.ts';

test('comes after all that the task before it still has to do, and not for who has ended', async () => {
  const said: string[] = [];
  const ended = new AbortController();
  const { signal } = new AbortController();
  void nextTask({ signal: ended.signal }).then(() => said.push('ended'));
  const next = nextTask({ signal }).then(() => said.push('next'));
  ended.abort();
  for (const step of [1, 2, 3]) {
    await Promise.resolve();
    said.push(`still ${step}`);
  }
  await next;
  await nextTask({ signal });
  expect(said).toEqual(['still 1', 'still 2', 'still 3', 'next']);
});
