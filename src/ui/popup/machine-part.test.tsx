// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fail, ok } from '../../base/index.ts';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import type { HostStatus } from '../../contracts/doors/runs.ts';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { SavedState } from '../../contracts/runner.ts';
import { learnFailures } from '../kit/index.ts';
import { MachinePart } from './machine-part.tsx';

const place = document.createElement('div');
const page = { sessionId: 'c0' } as PageReport;
let asked: (boolean | undefined)[];
let answers: ((answer: Awaited<ReturnType<EngineDoor['saveMachine']>>) => void)[];

beforeAll(() => {
  learnFailures(FAILURES);
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
});
beforeEach(() => {
  vi.useFakeTimers({ now: at(12) });
  [answers, asked] = [[], []];
  document.body.append(place);
});
afterEach(() => {
  render(null, place);
  vi.useRealTimers();
});

function draw(saved: SavedState | null, sessionId = 'c0', isBusy = false): void {
  const status: HostStatus = {
    kind: 'offscreen',
    python: 'ready',
    sessions: [{ sessionId: sessionId as SessionId, memoryBytes: 1, isBusy, isResting: false, saved }],
    activeRuns: [],
    hasSharedMemory: true,
  };
  const saveMachine: EngineDoor['saveMachine'] = ({ endsShells }) => {
    asked.push(endsShells);
    return new Promise((settle) => void answers.push(settle));
  };
  const engine = { saveMachine };
  render(<MachinePart engine={engine} status={status} page={page} />, place);
}

const why = () => place.querySelector('[data-part="unsaved"]')?.textContent ?? null;
const says = () => place.querySelector('[data-part="saved"]')?.textContent ?? null;
const button = () => place.querySelector<HTMLButtonElement>('[data-action="save-machine"]');
const drawn = () => vi.advanceTimersByTimeAsync(0);
const at = (hour: number): number => new Date(2026, 0, 1, hour, 41).getTime();

test('nothing is said of engines that cannot be saved, and of machines of other conversations', () => {
  draw(null);
  expect(says()).toBeNull();
  draw({ isSaving: false, atMs: 1, unsaved: null }, 'c1');
  expect(says()).toBeNull();
});

test('says when it was saved, whoever had it saved, and that it is being saved', () => {
  draw({ isSaving: false, atMs: null, unsaved: null });
  expect(says()).toBe('Linux: not saved yet');
  draw({ isSaving: true, atMs: null, unsaved: null });
  expect(says()).toBe('Saving Linux');
  expect(button()?.disabled).toBe(true);
  draw({ isSaving: false, atMs: at(9), unsaved: null });
  expect(says()).toMatch(/^Linux: saved 0?9:41/);
});

test('says why it is not saved, but where a press has just said so', async () => {
  draw({ isSaving: false, atMs: at(9), unsaved: 'in-use' });
  expect(says()).toMatch(/^Linux: saved 0?9:41/);
  expect(why()).toContain('left running');
  draw({ isSaving: false, atMs: at(9), unsaved: 'failed' }, 'c0', true);
  expect(why()).toContain('while a terminal, a program or a preview is open');
  draw({ isSaving: true, atMs: at(9), unsaved: 'failed' });
  expect(why()).toBeNull();
  draw({ isSaving: false, atMs: at(9), unsaved: 'failed' });
  expect(why()).toContain('could not be saved');
  button()?.click();
  answers[0]?.(fail(appError('runner/not-saved')));
  await drawn();
  expect(why()).toBeNull();
  expect(place.textContent).toContain(FAILURES['runner/not-saved'].title);
});

test('what became of a press is no news once the host tells of another save, or of none', async () => {
  draw({ isSaving: false, atMs: at(8), unsaved: null });
  button()?.click();
  answers[0]?.(fail(appError('runner/in-use')));
  await drawn();
  draw({ isSaving: false, atMs: at(9), unsaved: null });
  expect(says()).toMatch(/9:41/);
  expect(place.textContent).not.toContain(FAILURES['runner/in-use'].title);
  button()?.click();
  answers[1]?.(ok({ atMs: at(10) }));
  await drawn();
  expect(says()).toMatch(/10:41/);
  draw({ isSaving: false, atMs: null, unsaved: null });
  expect(says()).toBe('Linux: not saved yet');
});

test('says the day too where that was not today', () => {
  vi.setSystemTime(new Date(2026, 0, 8));
  draw({ isSaving: false, atMs: at(9), unsaved: null });
  expect(says()).toMatch(/Jan.*9:41/);
});

test('says that it is saved once the host says so, and not before', async () => {
  draw({ isSaving: false, atMs: at(8), unsaved: null });
  button()?.click();
  await drawn();
  expect(says()).toBe('Saving Linux');
  answers[0]?.(ok({ atMs: at(9) }));
  await drawn();
  expect(says()).toMatch(/^Linux: saved 0?9:41/);
});

test('a save that failed leaves what was said, and says why', async () => {
  draw({ isSaving: false, atMs: at(8), unsaved: null });
  button()?.click();
  answers[0]?.(fail(appError('runner/in-use')));
  await drawn();
  expect(says()).toMatch(/^Linux: saved 0?8:41/);
  expect(place.textContent).toContain(FAILURES['runner/in-use'].title);
  button()?.click();
  answers[1]?.(ok(null));
  await drawn();
  expect(place.textContent).not.toContain(FAILURES['runner/in-use'].title);
  expect(says()).toMatch(/nothing to save/);
});

test('where it is in use, its terminals may be closed for it; that is offered before and after a press, and not else', async () => {
  const offer = () => place.querySelector<HTMLButtonElement>('[data-action="end-and-save"]');
  draw({ isSaving: false, atMs: null, unsaved: null }, 'c0', true);
  offer()?.click();
  expect(asked).toEqual([true]);
  await drawn();
  expect(offer()).toBeNull();
  answers[0]?.(ok({ atMs: at(9) }));
  draw({ isSaving: false, atMs: at(9), unsaved: null });
  await drawn();
  expect(offer()).toBeNull();
  button()?.click();
  answers[1]?.(fail(appError('runner/in-use')));
  await drawn();
  offer()?.click();
  expect(asked).toEqual([true, false, true]);
  answers[2]?.(fail(appError('runner/not-saved')));
  await drawn();
  expect(offer()).toBeNull();
});
