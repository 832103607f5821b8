// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { capturedCall as call } from '../../../tests/support/captured-call.ts';
import { createFakeRunsDoor } from '../../../tests/support/fake-runs-door.ts';
import { createFakeSettings } from '../../../tests/support/fake-settings-door.ts';
import type { CallEntry } from './calls.ts';
import { createTestCalls } from '../../../tests/support/test-calls.ts';
import { until } from '../../../tests/support/until.ts';

afterEach(() => vi.restoreAllMocks());

/** In a tab that nobody sees until it is shown. */
function openUnseen() {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const runs = createFakeRunsDoor();
  const calls = createTestCalls({
    runs,
    settings: createFakeSettings({ thinkingCalls: 'always' }),
  });
  const show = () => {
    hidden.mockReturnValue(false);
    calls.hurry();
  };
  return { runs, calls, hidden, show };
}

describe('a call that began unseen', () => {
  it('is hurried once when its tab is shown, but not one of the thinking', async () => {
    const { runs, calls, show } = openUnseen();
    calls.take(call());
    calls.take(call({ key: 'c1|thought', messageId: 'thought', thinking: true }));
    await until(() => expect(runs.started).toHaveLength(2));
    expect(runs.hurried).toEqual([]);
    await until(() => {
      show();
      expect(runs.hurried).toHaveLength(1);
    });
    show();
    expect(runs.hurried).toEqual([runs.started[0]?.runId]);
  });

  it('is hurried when its tab was shown while it was on its way to the host', async () => {
    const { runs, calls, show } = openUnseen();
    const { start } = runs;
    vi.spyOn(runs, 'start').mockImplementation((...asked) => {
      const answer = start(...asked);
      show();
      return answer;
    });
    calls.take(call());
    await until(() => expect(runs.hurried).toHaveLength(1));
    expect(runs.started[0]?.request.priority).toBe('background');
  });

  it('is hurried, too, when its tab was left while it was made ready', async () => {
    const { runs, calls, hidden, show } = openUnseen();
    hidden.mockReturnValue(false);
    calls.take(call());
    hidden.mockReturnValue(true);
    await until(() => expect(runs.started).toHaveLength(1));
    expect(runs.started[0]?.request.priority).toBe('background');
    await until(() => {
      show();
      expect(runs.hurried).toHaveLength(1);
    });
  });

  it('is hurried by the tab that shows it, while it waits', async () => {
    const { runs, calls, hidden } = openUnseen();
    calls.take(call());
    await until(() => expect(runs.started).toHaveLength(1));
    hidden.mockReturnValue(false);
    const entries: CallEntry[] = [];
    createTestCalls({ runs, onEntry: (entry) => entries.push(entry) }).take(call());
    await until(() => expect(entries[0]?.run.phase.value).toBe('already'));
    const [run] = runs.started;
    run?.tell({ kind: 'state', state: 'starting' });
    expect(runs.hurried).toEqual([]);
    run?.tell({ kind: 'state', state: 'waiting' });
    run?.tell({ kind: 'state', state: 'waiting' });
    expect(runs.hurried).toEqual([run?.runId]);
  });
});
