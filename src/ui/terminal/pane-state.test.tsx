// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok } from '../../base/index.ts';
import { appError, type AppErrorCode } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import { learnFailures } from '../kit/index.ts';
import { type MachinesEngine, MachinesState } from '../machines/index.ts';
import type { Pane } from './pane.ts';
import { PaneState } from './pane-state.tsx';

const place = document.createElement('div');
let asked: string[];
let savedAtMs: number | null;
let refusal: AppErrorCode | null;
let machines: MachinesState;

const engine = {
  machines: async () => ok({ machines: [{ spec: null, state: 'stopped', savedAtMs }], chosen: null }),
  restartMachine: async ({ name, keepsSaved }) => {
    asked.push(`restart ${name ?? 'usual'} ${keepsSaved ? 'from saved' : 'afresh'}`);
    return refusal === null ? ok(null) : fail(appError(refusal));
  },
} satisfies Partial<MachinesEngine>;

/** A terminal that could not start. */
const paneWith = (code: AppErrorCode) =>
  ({
    key: 'one',
    phase: signal({ kind: 'failed', error: appError(code, 'Nothing of this Linux had been saved.') }),
    notice: signal(null),
    again: async () => void asked.push('again'),
  }) as unknown as Pane;

beforeAll(() => {
  learnFailures(FAILURES);
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
});
beforeEach(() => {
  [asked, savedAtMs, refusal] = [[], Date.UTC(2031, 4, 5, 12), null];
  machines = new MachinesState(engine as unknown as MachinesEngine, sessionIdOf('c0'), () => undefined);
  document.body.append(place);
});
afterEach(() => render(null, place));

const find = (action: string) => place.querySelector<HTMLElement>(`[data-action="${action}"]`);
async function press(action: string): Promise<void> {
  await vi.waitFor(() => expect(find(action)).not.toBeNull());
  find(action)?.click();
}

test('a Linux that was given up is restarted from what was saved where its terminal could not start, and the terminal starts', async () => {
  render(<PaneState pane={paneWith('linux/gave-up')} machines={machines} />, place);
  expect(place.textContent).toContain('Nothing of this Linux had been saved.');
  await press('restart-linux');
  await press('restart-saved');
  await vi.waitFor(() => expect(asked).toEqual(['restart usual from saved', 'again']));
});

test('where nothing is saved it only begins as new; where that is refused, Machines says why', async () => {
  savedAtMs = null;
  refusal = 'host/unavailable';
  render(<PaneState pane={paneWith('linux/gave-up')} machines={machines} />, place);
  await press('restart-linux');
  await vi.waitFor(() => expect(find('restart-afresh')).not.toBeNull());
  expect(find('restart-saved')).toBeNull();
  await press('restart-afresh');
  await vi.waitFor(() => expect(machines.isOpen.value).toBe(true));
  expect(asked).toEqual(['restart usual afresh']);
});

test('another failure offers no restart', () => {
  render(<PaneState pane={paneWith('linux/not-built')} machines={machines} />, place);
  expect(find('again')).not.toBeNull();
  expect(find('restart-linux')).toBeNull();
});
