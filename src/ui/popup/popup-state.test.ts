import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import { fail, ok } from '../../base/index.ts';
import type { PageAnswer, PageReport } from '../../contracts/doors/page-report.ts';
import { appError } from '../../contracts/errors.ts';
import { openPopupState, type PopupDoors } from './popup-state.ts';

let ended = new AbortController();
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  ended.abort();
  ended = new AbortController();
  vi.useRealTimers();
});

const lacking = (conversationId: string, ...missingLandmarks: string[]) =>
  ({ sessionId: 's', conversationId, missingLandmarks }) as unknown as PageReport;

/** What the popup shows as missing after each look at the page; null where there is no page to look at. */
async function shownAfter(answers: readonly (PageAnswer | null)[]): Promise<(readonly string[] | null)[]> {
  const left = [...answers];
  const unavailable = async () => fail(appError('host/unavailable'));
  const state = openPopupState(
    {
      runs: { ...createFakeRunsDoor(), status: unavailable },
      engine: { meter: unavailable, egressLog: unavailable } as unknown as PopupDoors['engine'],
      settings: createFakeSettings(),
      page: {
        async report() {
          const answer = left.shift() ?? null;
          return answer === null ? unavailable() : ok(answer);
        },
        recording: async () => ok([]),
      },
    },
    { signal: ended.signal },
  );
  const shown: (readonly string[] | null)[] = [];
  while (shown.length < answers.length) {
    await vi.advanceTimersByTimeAsync(shown.length === 0 ? 0 : 2_000);
    const page = state.page.value;
    shown.push(page === null || typeof page === 'string' ? null : page.missingLandmarks);
  }
  return shown;
}

test('what a page lacks counts from the second look on, for it may still be drawn at the first', async () => {
  const page = lacking('c', 'turn');
  expect(await shownAfter([page, page, page, lacking('c'), page])).toEqual([[], ['turn'], ['turn'], [], []]);
});

test('what another conversation lacked, or the same one before a reload, does not count', async () => {
  const page = lacking('c', 'turn');
  const other = lacking('d', 'turn', 'composer');
  expect(await shownAfter([page, other, page, 'loading', page, null, page])).toEqual([[], [], [], null, [], null, []]);
});

test('what belongs to a conversation is read as soon as the page names it, not at the next look at the host', async () => {
  const reported = Promise.withResolvers<PageAnswer>();
  const now = { origins: ['https://example.org'], usedBytes: 0, sentBytes: 0, mostBytes: 1 };
  const engine: Partial<PopupDoors['engine']> = {
    meter: async () => ok({ samples: [], alerts: [] }),
    machineMeter: async () => ok({ samples: [], alerts: ['cpu'], isResting: false }),
    egressLog: async () => ok([]),
    network: async () => ok(now),
    countFiles: async () => ok({ count: 2, bytes: 3, damaged: [] }),
  };
  const state = openPopupState(
    {
      runs: createFakeRunsDoor(),
      engine: engine as PopupDoors['engine'],
      settings: createFakeSettings(),
      page: { report: async () => ok(await reported.promise), recording: async () => ok([]) },
    },
    { signal: ended.signal },
  );
  await vi.advanceTimersByTimeAsync(100);
  expect([state.network.value, state.files.value]).toEqual([null, null]);
  reported.resolve(lacking('c'));
  await vi.advanceTimersByTimeAsync(100);
  expect(state.network.value).toEqual({ sessionId: 's', now });
  expect(state.machine.value).toMatchObject({ sessionId: 's', report: { alerts: ['cpu'] } });
  expect(state.files.value).toEqual({ sessionId: 's', count: 2, bytes: 3, damaged: [] });
});
