// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { createFakeCardServices } from '../../../../tests/support/fake-card-services.ts';
import { createFakeRunsDoor } from '../../../../tests/support/fake-runs-door.ts';
import { fail, ok } from '../../../base/index.ts';
import { appError } from '../../../contracts/errors.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Outcome } from '../../../contracts/outcome.ts';
import type { Artifact, Display } from '../../../contracts/run.ts';
import { FAILURES } from '../../../contracts/failures.ts';
import { askForFailures } from '../../kit/index.ts';
import { createRunView } from '../run-view.ts';
import { composeResult, textOfRun } from './compose-result.ts';
import type { CardServices } from './services.ts';

const MB = 1024 * 1024;

/** Puts a run with such files in the composer; what was told and what was attached. */
async function compose(files: readonly { name: string; bytes: number }[], more: Partial<CardServices> = {}) {
  const runs = createFakeRunsDoor();
  const attached: string[] = [];
  const services: CardServices = {
    ...createFakeCardServices({
      ...runs,
      readFile: async ({ path }) =>
        path.startsWith('gone') ? fail(appError('files/not-found')) : ok({ bytes: new Uint8Array(3), isWhole: true }),
    }),
    attach: async (given) => {
      attached.push(...given.map(({ name }) => name));
      return true;
    },
    ...more,
  };
  const view = createRunView({ signal: new AbortController().signal });
  view.artifacts.value = files.map(
    ({ name, bytes }): Artifact => ({ id: name, kind: 'file', name, path: name, mime: 'text/csv', bytes }),
  );
  const outcome = { kind: 'completed', exitCode: 0, result: null, error: null } as Outcome;
  const answer = await composeResult(services, { view, outcome, sessionId: 'c' as SessionId, language: 'python' });
  return { said: answer.ok ? answer.value : answer.error.code, attached };
}

test('all files go where there is room, and nothing is said of others', async () => {
  expect(await compose([{ name: 'a.csv', bytes: 3 }])).toEqual({
    said: '1 file attached: a.csv. Send when you are ready.',
    attached: ['a.csv'],
  });
  expect((await compose([])).said).toBe('Put in the composer. Send it when you are ready.');
});

test('files that are too many, too large or gone are left out, and that is said', async () => {
  const many = Array.from({ length: 12 }, (_, at) => ({ name: `${at}.csv`, bytes: 3 }));
  const { said, attached } = await compose(many);
  expect(attached).toHaveLength(10);
  expect(said).toContain('10 files attached: 0.csv, 1.csv, 2.csv and 7 more. Send');
  expect(said).toContain('2 files were left out');
  const large = await compose([
    { name: 'large.csv', bytes: 21 * MB },
    { name: 'gone.csv', bytes: 3 },
    { name: 'a.csv', bytes: 3 },
  ]);
  expect(large.attached).toEqual(['a.csv']);
  expect(large.said).toContain('2 files were left out');
});

test('beside private files none goes, and that is said too', async () => {
  const { said, attached } = await compose([{ name: 'a.csv', bytes: 3 }], { hasPrivateFiles: async () => true });
  expect(attached).toEqual([]);
  expect(said).toContain('No file was attached, for this conversation has private ones');
});

const ended = { kind: 'completed', exitCode: 0, result: null, error: null, timeMs: 1, memoryBytes: 1 } as const;
const figure = (number: number, text: string): Display => ({
  id: `d${number}`,
  data: { 'image/png': btoa('x'.repeat(2_048)), 'text/plain': text },
  table: null,
  artifact: {
    id: `a${number}`,
    kind: 'figure',
    name: `figure-${number}.png`,
    path: null,
    mime: 'image/png',
    bytes: 2_048,
  },
});

/** The text of a run with such displays and result, one drawing kept beside them and one file of its own. */
function told(displays: readonly Display[], result: string | null): Promise<string> {
  const view = createRunView({ signal: new AbortController().signal });
  const kept = '/mnt/data/.output/0-1/figure-1.svg';
  view.displays.value = [...displays];
  view.artifacts.value = [
    { id: 's', kind: 'figure', name: 'figure-1.svg', path: kept, mime: 'image/svg+xml', bytes: 26_726 },
    { id: 'f', kind: 'file', name: 'sales.csv', path: '/mnt/data/sales.csv', mime: 'text/csv', bytes: 1_024 },
  ];
  return textOfRun({ view, outcome: { ...ended, result }, sessionId: 'c' as SessionId, language: 'python' });
}

test('the text names the pictures and files that go with it, and nothing that stands for them or is kept for the card', async () => {
  const text = await told([figure(1, '<Figure figure-1>'), figure(2, 'x**2')], '<Figure size 640x480 with 1 Axes>');
  expect(text.split('\n\n').slice(1).join('\n\n')).toBe(
    'output:\n```\nx**2\n```\n\nfiles:\n- figure-1.png (2 kB)\n- figure-2.png (2 kB)\n- /mnt/data/sales.csv (1 kB)\n',
  );
});

test('what a program calls a picture and is none costs nothing but the picture', async () => {
  const broken: Display = { id: 'd', data: { 'image/png': '!', 'text/plain': 'a.png' }, table: null, artifact: null };
  expect((await told([broken, figure(2, 'x**2')], null)).split('\n\n').slice(1).join('\n\n')).toBe(
    'output:\n```\na.png\n```\n\noutput:\n```\nx**2\n```\n\nfiles:\n- figure-2.png (2 kB)\n- /mnt/data/sales.csv (1 kB)\n',
  );
});

test('a value that only looks like a picture is told where none goes along', async () => {
  expect(await told([], '<Figure size 640x480 with 0 Axes>')).toContain(
    'result:\n```\n<Figure size 640x480 with 0 Axes>\n```',
  );
});

test('a failure whose words do not come goes by its code, while a press may still write to the clipboard', async () => {
  vi.useFakeTimers();
  let answer = (): void => undefined;
  try {
    const asked = new Promise<null>((go) => (answer = () => go(null)));
    askForFailures(() => asked);
    const view = createRunView({ signal: new AbortController().signal });
    const crashed = { kind: 'crashed', code: 'linux/gave-up', timeMs: 1, memoryBytes: 1 } as Outcome;
    const text = textOfRun({ view, outcome: crashed, sessionId: 'c' as SessionId, language: 'shell' });
    let isTold = false;
    void text.then(() => (isTold = true));
    await vi.advanceTimersByTimeAsync(2_499);
    expect(isTold).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await text).toContain('Something went wrong (linux/gave-up)');
  } finally {
    answer();
    await vi.advanceTimersByTimeAsync(0);
    vi.useRealTimers();
  }
});

test('a failure that the card has no words for yet is put in words before it goes anywhere', async () => {
  askForFailures(async () => FAILURES);
  const view = createRunView({ signal: new AbortController().signal });
  const crashed = { kind: 'crashed', code: 'linux/lost', timeMs: 1, memoryBytes: 1 } as Outcome;
  const text = await textOfRun({ view, outcome: crashed, sessionId: 'c' as SessionId, language: 'shell' });
  expect(text).toContain(FAILURES['linux/lost'].title);
  expect(text).not.toContain('Something went wrong');
});
