// @vitest-environment happy-dom
import { beforeAll, expect, it } from 'vitest';
import { createFakeRunsDoor } from '../../../../tests/support/fake-runs-door.ts';
import { open, press } from '../../../../tests/support/open-card.ts';
import { until } from '../../../../tests/support/until.ts';
import { FAILURES } from '../../../contracts/failures.ts';
import { askForFailures } from '../../kit/index.ts';

beforeAll(() => askForFailures(async () => FAILURES));

const shell = (isOpened: boolean) => {
  const asked: string[] = [];
  const openTerminals = async (sessionId: string) => asked.push(sessionId) > 0 && isOpened;
  return { asked, opening: open('auto', { openTerminals }, createFakeRunsDoor(), 'true', 'shell') };
};

it('offers the terminals of the session while a shell runs and after it, and says where they did not open', async () => {
  const { asked, opening } = shell(false);
  const { run, part, button } = await opening;
  await until(() => expect(button('stop')).not.toBeNull());
  press(button('terminal'));
  await until(() => expect(part('note')?.textContent).toBe(FAILURES['host/lost'].title));
  const ended = { kind: 'completed', exitCode: 0, result: null, error: null, timeMs: 1, memoryBytes: 1 } as const;
  run.tell({ kind: 'ended', outcome: ended });
  await until(() => expect(button('stop')).toBeNull());
  press(button('terminal'));
  await until(() => expect(asked).toEqual([run.request.sessionId, run.request.sessionId]));
});

it('says nothing where they opened', async () => {
  const { asked, opening } = shell(true);
  const { part, button } = await opening;
  await until(() => expect(button('terminal')).not.toBeNull());
  press(button('terminal'));
  await until(() => expect(asked).toHaveLength(1));
  expect(part('note')?.textContent).toBe('');
});

it('offers none for a language that has no machine, nor before there is a run', async () => {
  const { button } = await open('auto');
  await until(() => expect(button('stop')).not.toBeNull());
  expect(button('terminal')).toBeNull();
  const waiting = await open('ask', {}, createFakeRunsDoor(), 'true', 'shell');
  expect(waiting.button('terminal')).toBeNull();
});
