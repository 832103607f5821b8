// @vitest-environment happy-dom
import { beforeAll, expect, it, vi } from 'vitest';
import { open, press } from '../../../../tests/support/open-card.ts';
import { until } from '../../../../tests/support/until.ts';
import { ok } from '../../../base/index.ts';
import { FAILURES } from '../../../contracts/failures.ts';
import { learnFailures } from '../../kit/index.ts';
import { vouchFor } from '../../kit/trusted-press.ts';

beforeAll(() => learnFailures(FAILURES));

/** A card that waits for its first press, with its code in the field and what was seen folded. */
async function editing() {
  const card = await open('ask');
  const { runs, part, button } = card;
  await until(() => expect(button('edit')).not.toBeNull());
  const read: string[] = [];
  const { select } = runs;
  let mayAnswer = Promise.resolve();
  /** Until the function returned is called, whoever has code read waits. */
  const hold = () => {
    const held = Promise.withResolvers<void>();
    mayAnswer = held.promise;
    return held.resolve;
  };
  runs.select = async (request) => {
    read.push(request.code);
    await mayAnswer;
    return select(request);
  };
  press(button('edit'));
  await until(() => expect(part('code-field')).not.toBeNull());
  const field = part('code-field') as HTMLTextAreaElement;
  const send = (event: Event) => {
    vouchFor(event);
    field.dispatchEvent(event);
  };
  const type = (code: string) => {
    field.value = code;
    send(new Event('input', { bubbles: true }));
  };
  const key = (name: string, isComposing = false) =>
    send(new KeyboardEvent('keydown', { key: name, isComposing, bubbles: true, cancelable: true }));
  const unfold = () => {
    const fold = part('seen') as HTMLDetailsElement;
    fold.open = true;
    fold.dispatchEvent(new Event('toggle'));
  };
  const lines = () => part('seen')?.querySelectorAll('li').length ?? 0;
  return { ...card, read, hold, type, key, unfold, lines };
}

it('code says what it needs before its first run, while it is edited too, and starts nothing by it', async () => {
  const { runs, part, read, hold, unfold, lines } = await editing();
  expect(read).toEqual([]);
  const answer = hold();
  unfold();
  await until(() => expect(part('reading')?.textContent).toBe('Reading the code'));
  answer();
  await until(() => expect(lines()).toBe(1));
  expect(part('reading')).toBeNull();
  expect(read).toEqual(['print(1)']);
  expect(runs.started).toHaveLength(0);
});

it('what is typed is read after a pause, once, and what was seen stands until then', async () => {
  const { part, read, type, unfold, lines } = await editing();
  unfold();
  await until(() => expect(lines()).toBe(1));
  // What the browser was to do before the next frame is done, by its own clock.
  await until(() => expect(part('reading')).toBeNull());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'cancelAnimationFrame'] });
  try {
    for (const code of ['p', 'pr', 'print(2)']) {
      type(code);
      await vi.advanceTimersByTimeAsync(400);
      expect(part('reading')).not.toBeNull();
      expect(lines()).toBe(1);
    }
    expect(read).toEqual(['print(1)']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(part('reading')).toBeNull();
    expect(read).toEqual(['print(1)', 'print(2)']);
  } finally {
    vi.useRealTimers();
  }
});

it.each([
  ['Done', ({ button }: Awaited<ReturnType<typeof editing>>) => press(button('end-edit'))],
  ['Escape', ({ key }: Awaited<ReturnType<typeof editing>>) => key('Escape')],
])('%s closes the field and keeps what was written, without a run', async (_name, leave) => {
  const card = await editing();
  const { runs, part, button, type, key } = card;
  key('Escape', true);
  expect(card.entry?.run.isEditing.value).toBe(true);
  type('');
  leave(card);
  expect(card.entry?.run.isEditing.value).toBe(true);
  type('print(3)');
  await until(() => expect(button('end-edit')?.hasAttribute('disabled')).toBe(false));
  leave(card);
  await until(() => expect(part('code-field')).toBeNull());
  expect(part('code')?.textContent).toBe('print(3)');
  expect(runs.started).toHaveLength(0);
  press(button('run'));
  await until(() => expect(runs.started[0]?.request.code).toBe('print(3)'));
});

it('a failure that ChatGPT’s own tool may not have leaves the code to it, as a text that the person sends', async () => {
  const composed: string[] = [];
  const compose = async (text: string) => {
    composed.push(text);
    return ok(null);
  };
  const { run, part, button } = await open('auto', { compose });
  const error = { title: 'ImportError', message: '', traceback: null, line: 1, column: 1, suggestions: [] };
  const outcome = { kind: 'completed', exitCode: 1, result: null, timeMs: 1, memoryBytes: 1 } as const;
  run.tell({ kind: 'ended', outcome: { ...outcome, error: { ...error, code: 'python/package-unavailable' } } });
  await until(() => expect(button('leave')?.textContent).toBe('Ask ChatGPT to run it'));
  press(button('leave'));
  await until(() => expect(part('note')?.textContent).toContain('Put in the composer'));
  expect(composed).toEqual(['Run this with your own tool and show me the result:\n\n```python\nprint(1)\n```\n']);
});
