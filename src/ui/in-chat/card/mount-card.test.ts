// @vitest-environment happy-dom
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { rootOf } from '../../../../tests/support/closed-roots.ts';
import { createFakeRunsDoor } from '../../../../tests/support/fake-runs-door.ts';
import { open, press } from '../../../../tests/support/open-card.ts';
import { until } from '../../../../tests/support/until.ts';
import { fail, ok } from '../../../base/index.ts';
import { APP_ERROR_CODES, appError, type AppErrorCode } from '../../../contracts/errors.ts';
import type { FailureAction } from '../../../contracts/failure.ts';
import { FAILURES } from '../../../contracts/failures.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Outcome } from '../../../contracts/outcome.ts';
import type { QueueWait } from '../../../contracts/run.ts';
import { askForFailures } from '../../kit/index.ts';
import { vouchFor } from '../../kit/trusted-press.ts';

const base = { timeMs: 12, memoryBytes: 1024 };
/** Where a card has the button of an action. */
const BUTTONS = {
  'run-again': 'again',
  'restart-session': 'restart',
  'copy-text': 'copy',
  'raise-time': 'raise-time',
  'raise-memory': 'raise-memory',
  'leave-to-chatgpt': 'leave',
} as const satisfies Record<FailureAction, string>;

beforeAll(() => askForFailures(async () => FAILURES));

/** Every way of ending that says this code. */
function endingsWith(code: AppErrorCode): readonly Outcome[] {
  if (code === 'run/timed-out') return [{ ...base, kind: 'timedOut', limitMs: 30_000, sessionLost: false }];
  const error = {
    code,
    title: 'Own',
    message: 'in its own words',
    traceback: null,
    line: 3,
    column: 1,
    suggestions: [],
  };
  return [
    { ...base, kind: 'completed', exitCode: 1, result: null, error },
    { ...base, kind: 'crashed', code, detail: 'in its own words', sessionLost: false },
    { ...base, kind: 'refused', code, detail: 'in its own words' },
  ];
}

describe('a failure', () => {
  it.each(
    APP_ERROR_CODES.flatMap((code) => endingsWith(code).map((outcome) => [code, outcome.kind, outcome] as const)),
  )('%s, %s: has the words and actions of its row, and what is known of this one', async (code, _kind, outcome) => {
    const { run, part, button } = await open();
    run.tell({ kind: 'ended', outcome });
    await until(() => expect(part('error') ?? part('failure')).not.toBeNull());
    const { title, explanation, suggestions, actions } = FAILURES[code];
    const said = (part('error') ?? part('failure'))?.textContent;
    const own = outcome.kind === 'timedOut' ? 'Limit: 30 s' : 'in its own words';
    for (const words of [title, explanation, own, ...suggestions]) expect(said).toContain(words);
    await until(() => {
      for (const action of actions) expect(button(BUTTONS[action]), action).not.toBeNull();
    });
    for (const action of ['raise-time', 'raise-memory', 'leave-to-chatgpt'] as const)
      expect(button(BUTTONS[action]) !== null, action).toBe(actions.includes(action));
  });
});

describe('a table', () => {
  const tableOf = (rows: number, shown: number, path: string | null) => {
    const table = { title: null, columns: ['n'], types: ['int64'], index: null, totalRows: rows, totalColumns: 1 };
    const artifact = { id: 'a', kind: 'table', name: 'table-1.csv', path, mime: 'text/csv', bytes: 1 } as const;
    const cells = Array.from({ length: shown }, (_, at) => [at]);
    return { id: 'd', data: {}, table: { ...table, rows: cells }, artifact: path === null ? null : artifact };
  };

  it.each([
    ['of which all shows', tableOf(3, 3, null), 'Save as CSV', undefined],
    ['of which a file has all', tableOf(5_000, 1_000, '/mnt/data/.output/0-1/table-1.csv'), 'Save as CSV', undefined],
    [
      'of which a part shows and no file has all',
      tableOf(5_000, 1_000, null),
      'Save what is shown as CSV',
      "Saves the first 1,000 of 5,000 rows; df.to_csv('name.csv') writes all",
    ],
  ])('%s says what its button saves', async (_what, display, button, saves) => {
    const { run, part, button: buttonOf } = await open();
    run.tell({ kind: 'display', display });
    await until(() => expect(buttonOf('save')?.textContent).toBe(button));
    expect(part('saves-part')?.textContent).toBe(saves);
  });
});

describe('a card', () => {
  it('shows output while the program runs and the outcome in words', async () => {
    const { run, part, host } = await open();
    run.tell({ kind: 'state', state: 'running' });
    run.tell({ kind: 'output', stream: 'stdout', text: 'live\n' });
    await until(() => expect(part('status')?.textContent).toBe('Running'));
    expect(part('stdout')?.textContent).toBe('live\n');
    run.tell({ kind: 'ended', outcome: { ...base, kind: 'completed', exitCode: 0, result: '7', error: null } });
    await until(() => expect(part('status')?.getAttribute('data-outcome')).toBe('completed'));
    expect(part('result')?.textContent).toBe('7');
    await until(() => expect(host?.hasAttribute('data-ended-ms')).toBe(true));
  });

  it.each<[Outcome, string]>([
    [
      { ...base, kind: 'crashed', code: 'runner/crashed', detail: null, sessionLost: true },
      'Crashed: The engine crashed',
    ],
    [{ ...base, kind: 'timedOut', limitMs: 5, sessionLost: true }, 'Time limit reached'],
    [{ ...base, kind: 'cancelled', by: 'person', sessionLost: true }, 'Stopped'],
    [
      { ...base, kind: 'refused', code: 'box/self-test-failed', detail: null },
      'Refused: Code cannot be run safely in this browser',
    ],
  ])('says how it ended, and that variables are gone where they are: %o', async (outcome, words) => {
    const { run, part, button } = await open();
    run.tell({ kind: 'ended', outcome });
    await until(() => expect(part('status')?.textContent).toBe(words));
    expect(part('variables-gone') !== null).toBe('sessionLost' in outcome);
    expect(button('again')).not.toBeNull();
  });

  it('says that a program runs as long as it does, also where it could not be stopped', async () => {
    const runs = createFakeRunsDoor();
    const { run, part, button } = await open(
      'auto',
      {},
      { ...runs, stop: async () => fail(appError('door/deadline')) },
    );
    run.tell({ kind: 'state', state: 'running' });
    await until(() => expect(part('status')?.textContent).toBe('Running'));
    press(button('stop'));
    await until(() => expect(part('failure')?.textContent).toContain(FAILURES['door/deadline'].title));
    expect(part('status')?.textContent).toBe('Running');
    expect(part('status')?.hasAttribute('data-outcome')).toBe(false);
  });

  it('pays no heed to a press that the page’s script made', async () => {
    const { runs, button } = await open('ask');
    await until(() => expect(button('run')).not.toBeNull());
    button('run')?.click();
    button('run')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    expect(runs.started).toHaveLength(0);
  });

  it('takes no code that the page’s script wrote into the field', async () => {
    const { runs, button, part } = await open('ask');
    await until(() => expect(button('edit')).not.toBeNull());
    press(button('edit'));
    await until(() => expect(part('code-field')).not.toBeNull());
    const field = part('code-field') as HTMLTextAreaElement;
    const write = (code: string, vouch: (event: Event) => void) => {
      field.value = code;
      const event = new Event('input', { bubbles: true });
      vouch(event);
      field.dispatchEvent(event);
    };
    write('print("a person’s")', vouchFor);
    write('print("a script’s")', () => undefined);
    expect(field.value).toBe('print("a person’s")');
    press(button('run'));
    await until(() => expect(runs.started[0]?.request.code).toBe('print("a person’s")'));
  });

  it('sends what is typed to the program', async () => {
    const { run, part } = await open();
    run.tell({ kind: 'input', prompt: 'Name? ', isSecret: false });
    await until(() => expect(part('status')?.textContent).toBe('Waiting for your input'));
    expect(part('prompt')?.textContent).toBe('Name? ');
    expect(part('input')?.getAttribute('type')).toBe('text');
  });

  it('hides what is typed for a secret', async () => {
    const { run, part } = await open();
    run.tell({ kind: 'input', prompt: '', isSecret: true });
    await until(() => expect(part('input')?.getAttribute('type')).toBe('password'));
  });

  it('shows a fix for code that could not be read, in words and signs, and runs nothing by it', async () => {
    const { run, runs, part } = await open();
    const asked: unknown[] = [];
    runs.suggestFix = async (request) => {
      asked.push(request);
      const lines = [
        { kind: 'gap', text: '' },
        { kind: 'same', text: 'x = 1' },
        { kind: 'removed', text: 'print(x' },
        { kind: 'added', text: 'print(x)' },
      ] as const;
      return ok({ title: 'Close the bracket', code: 'x = 1\nprint(x)\n', language: 'python', lines });
    };
    const error = { title: 'SyntaxError', message: '', traceback: null, line: 2, column: 1, suggestions: [] };
    const outcome = { ...base, kind: 'completed', exitCode: 1, result: null } as const;
    run.tell({ kind: 'ended', outcome: { ...outcome, error: { ...error, code: 'python/syntax-error' } } });
    await until(() => expect(part('fix')).not.toBeNull());
    expect(asked).toEqual([{ sessionId: expect.any(String), language: 'python', code: 'print(1)' }]);
    expect(part('fix')?.querySelector('pre')?.textContent).toBe('⋯\n  x = 1\n- print(x\n+ print(x)\n');
    expect(part('fix')?.querySelector('del')?.textContent).toContain('print(x');
    expect(runs.started).toHaveLength(1);
  });

  it('asks for no fix where the program ran', async () => {
    const { run, runs, part } = await open();
    const suggestFix = vi.spyOn(runs, 'suggestFix');
    const error = { title: 'ValueError', message: '', traceback: null, line: 1, column: 1, suggestions: [] };
    const outcome = { ...base, kind: 'completed', exitCode: 1, result: null } as const;
    run.tell({ kind: 'ended', outcome: { ...outcome, error: { ...error, code: 'python/exception' } } });
    await until(() => expect(part('error')).not.toBeNull());
    expect(suggestFix).not.toHaveBeenCalled();
  });

  it.each<[QueueWait, number, string]>([
    ['turn', 0, 'Waiting: 1 run before it'],
    ['place', 2, 'Waiting: 3 runs before it'],
    ['memory', 0, 'Waiting for memory'],
    ['processor', 0, 'Waiting for the processor'],
    ['dependency', 0, 'Waiting for another run'],
  ])('says what it waits for: %s', async (waitsFor, ahead, words) => {
    const { run, part } = await open();
    run.tell({ kind: 'state', state: 'waiting' });
    await until(() => expect(part('status')?.textContent).toBe('Waiting for its turn'));
    run.tell({ kind: 'queued', ahead, waitsFor });
    await until(() => expect(part('status')?.textContent).toBe(words));
    run.tell({ kind: 'state', state: 'running' });
    await until(() => expect(part('status')?.textContent).toBe('Running'));
  });

  it('says how far the packages are, unannounced, until all are here', async () => {
    const { run, part } = await open();
    run.tell({ kind: 'state', state: 'running' });
    run.tell({ kind: 'progress', step: 'packages', done: 2, total: 5 });
    await until(() => expect(part('progress')?.textContent).toBe('Loading packages: 2 of 5'));
    expect(part('status')?.textContent).toBe('Running');
    expect(part('status')?.contains(part('progress'))).toBe(false);
    run.tell({ kind: 'progress', step: 'packages', done: 5, total: 5 });
    await until(() => expect(part('progress')).toBeNull());
  });

  it('says what went over the network for the run, while it works and after', async () => {
    const { run, part } = await open();
    run.tell({ kind: 'state', state: 'running' });
    for (const cpuShare of [0.5, 0.25]) run.tell({ kind: 'usage', memoryBytes: 1024, cpuShare });
    run.tell({ kind: 'network', bytes: 2048 });
    const words = () => part('meter')?.getAttribute('aria-label');
    await until(() => expect(words()).toBe('Processor 25 %, memory 1 kB, network 2 kB'));
    run.tell({ kind: 'ended', outcome: { ...base, kind: 'completed', exitCode: 0, result: '7', error: null } });
    await until(() => expect(part('used')?.textContent).toBe('12 ms · 1 kB · network 2 kB'));
  });

  it('says why code that started by itself may have failed, and asks only then', async () => {
    const { run, runs, part } = await open();
    const answer = await runs.select({ sessionId: 's' as SessionId, language: 'python', label: null, code: '' });
    if (!answer.ok) throw new Error('the stand-in reads every code');
    const asked: unknown[] = [];
    const limited = { kind: 'limitedFunctionality', title: 'Not all works', reasons: ['No threads.'] } as const;
    runs.select = async (request) => {
      asked.push(request);
      return ok({ ...answer.value, decision: { ...answer.value.decision, warnings: [limited] } });
    };
    run.tell({ kind: 'state', state: 'running' });
    await until(() => expect(part('status')?.textContent).toBe('Running'));
    expect(asked).toEqual([]);
    const error = { title: 'RuntimeError', message: '', traceback: null, line: 1, column: 1, suggestions: [] };
    const outcome = { ...base, kind: 'completed', exitCode: 1, result: null } as const;
    run.tell({ kind: 'ended', outcome: { ...outcome, error: { ...error, code: 'python/exception' } } });
    await until(() => expect(part('shortfall')?.textContent).toBe('Not all works: No threads.'));
    expect(asked).toHaveLength(1);
    expect(part('warning')).toBeNull();
  });

  it('has code read for what was seen in it when that is opened, not before, and once', async () => {
    const { run, runs, part } = await open();
    const select = vi.spyOn(runs, 'select');
    run.tell({ kind: 'ended', outcome: { ...base, kind: 'completed', exitCode: 0, result: null, error: null } });
    await until(() => expect(part('status')?.getAttribute('data-outcome')).toBe('completed'));
    const fold = part('seen') as HTMLDetailsElement;
    expect(fold.querySelector('summary')?.textContent).toBe('What was seen');
    expect(select).not.toHaveBeenCalled();
    const setOpen = (isOpen: boolean) => {
      fold.open = isOpen;
      fold.dispatchEvent(new Event('toggle'));
    };
    setOpen(true);
    await until(() => expect(fold.querySelector('li')?.textContent).toBe('Nothing speaks against it.'));
    setOpen(false);
    setOpen(true);
    expect(select).toHaveBeenCalledTimes(1);
    expect(runs.started).toHaveLength(1);
  });

  it('says why what was seen cannot be told', async () => {
    const { runs, part } = await open();
    runs.select = async () => fail(appError('run/rate-limited'));
    const fold = part('seen') as HTMLDetailsElement;
    fold.open = true;
    fold.dispatchEvent(new Event('toggle'));
    await until(() => expect(part('note')?.textContent).toContain(FAILURES['run/rate-limited'].title));
    expect(fold.querySelector('li')).toBeNull();
  });

  it('asks about commands with their reasons; all of them can be allowed only where all have a name', async () => {
    const runs = createFakeRunsDoor();
    runs.asking.push({ name: 'make', text: 'make all', why: 'Why make.' });
    const { part, button } = await open('auto', {}, runs, 'make all; $X');
    await until(() => expect(part('consent')).not.toBeNull());
    expect(part('status')?.textContent).toBe('Your decision');
    expect(part('consent')?.querySelector('li')?.textContent).toBe('make all Why make.');
    expect(part('warning')).toBeNull();
    expect(button('allow-commands')?.textContent).toBe('Allow this command for this conversation');
    expect(button('run')).toBeNull();
    press(button('cancel-held'));
    await until(() => expect(part('consent')).toBeNull());
    runs.asking.push({ name: null, text: '$X', why: 'Why it.' });
    press(button('run'));
    await until(() => expect(part('consent')?.querySelectorAll('li')).toHaveLength(2));
    expect(button('allow-commands')).toBeNull();
    expect(runs.started).toHaveLength(0);
    press(button('run-once'));
    await until(() => expect(runs.started).toHaveLength(1));
  });

  it('is closed to scripts of the page', async () => {
    const { host } = await open();
    expect(rootOf(host)?.mode).toBe('closed');
    expect(host?.shadowRoot).toBeNull();
  });

  it('restarts the engine of its language, and says what is gone', async () => {
    const { run, runs, part, button } = await open();
    run.tell({ kind: 'ended', outcome: { ...base, kind: 'completed', exitCode: 0, result: null, error: null } });
    await until(() => expect(button('restart')?.textContent).toBe('Restart Python'));
    press(button('restart'));
    await until(() => expect(part('note')?.textContent).toBe('Variables are gone; files are kept.'));
    expect(runs.restarted).toEqual([{ sessionId: run.request.sessionId, language: 'python' }]);
  });

  it('asks what a Linux goes on from where it was saved, and restarts nothing before', async () => {
    const { run, runs, part, button, entry } = await open();
    run.tell({ kind: 'ended', outcome: { ...base, kind: 'refused', code: 'linux/gave-up', detail: null } });
    if (entry !== undefined) entry.run.language.value = 'shell';
    runs.savedAtMs = Date.UTC(2031, 4, 5, 12);
    await until(() => expect(button('restart')).not.toBeNull());
    press(button('restart'));
    await until(() => expect(part('restart-choice')?.textContent).toContain('What came after it was saved'));
    expect(runs.restarted).toEqual([]);
    press(button('restart-saved'));
    const request = { sessionId: run.request.sessionId, language: 'shell' };
    await until(() => expect(runs.restarted).toEqual([{ ...request, keepsSaved: true }]));
    await until(() => expect(part('note')?.textContent).toBe('The next program finds it as it was saved.'));
    press(button('restart'));
    await until(() => expect(button('restart-unsaved')).not.toBeNull());
    press(button('restart-unsaved'));
    await until(() => expect(part('restart-choice')?.textContent).toContain('is lost too'));
    press(button('restart-afresh'));
    await until(() => expect(runs.restarted[1]).toEqual(request));
    runs.sessionFacts = async () => fail(appError('host/unavailable', 'storage'));
    press(button('restart'));
    await until(() => expect(entry?.run.failure.value?.code).toBe('host/unavailable'));
    expect(runs.restarted).toHaveLength(2);
  });

  it('lists files with name and size, and leaves nothing when it ends', async () => {
    const { end, run, part, host } = await open();
    const artifact = {
      id: 'a',
      kind: 'file',
      name: 'x.csv',
      path: '/mnt/data/x.csv',
      mime: 'text/csv',
      bytes: 8,
    } as const;
    run.tell({ kind: 'artifact', artifact });
    await until(() => expect(part('artifact')?.getAttribute('data-name')).toBe('x.csv'));
    expect(part('artifact')?.getAttribute('data-bytes')).toBe('8');
    end();
    expect(host?.isConnected).toBe(false);
    expect(rootOf(host)?.querySelector('.card')).toBeNull();
  });
});

it('offers to send what was not sent, also where there was no run, and not while one is on', async () => {
  const { runs, button, entry } = await open('ask');
  const sent: string[] = [];
  runs.refuseNext(appError('run/queue-full'));
  await entry?.run.start('press');
  if (entry !== undefined) entry.unsentResult.value = () => sent.push('refusal');
  await until(() => expect(button('send-result')).not.toBeNull());
  press(button('send-result'));
  expect(sent).toEqual(['refusal']);
  await entry?.run.start('press');
  await until(() => expect(button('stop')).not.toBeNull());
  expect(button('send-result')).toBeNull();
});
