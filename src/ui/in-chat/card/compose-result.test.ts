// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { createFakeCardServices } from '../../../../tests/support/fake-card-services.ts';
import { createFakeRunsDoor } from '../../../../tests/support/fake-runs-door.ts';
import { fail, ok } from '../../../base/index.ts';
import { appError } from '../../../contracts/errors.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Outcome } from '../../../contracts/outcome.ts';
import type { Artifact } from '../../../contracts/run.ts';
import { createRunView } from '../run-view.ts';
import { composeResult } from './compose-result.ts';
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
    said: '1 file attached. Send when you are ready.',
    attached: ['a.csv'],
  });
  expect((await compose([])).said).toBe('Put in the composer. Send it when you are ready.');
});

test('files that are too many, too large or gone are left out, and that is said', async () => {
  const many = Array.from({ length: 12 }, (_, at) => ({ name: `${at}.csv`, bytes: 3 }));
  const { said, attached } = await compose(many);
  expect(attached).toHaveLength(10);
  expect(said).toContain('10 files attached');
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
