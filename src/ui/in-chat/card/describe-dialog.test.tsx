// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFakeCardServices } from '../../../../tests/support/fake-card-services.ts';
import { createFakeRunsDoor } from '../../../../tests/support/fake-runs-door.ts';
import { until } from '../../../../tests/support/until.ts';
import { fail, ok, type Result } from '../../../base/index.ts';
import { type AppError, appError } from '../../../contracts/errors.ts';
import { FAILURES } from '../../../contracts/failures.ts';
import type { SessionId } from '../../../contracts/ids.ts';
import { askForFailures } from '../../kit/index.ts';
import { vouchFor } from '../../kit/trusted-press.ts';
import { TEXTS } from '../../texts.ts';
import { DescribeDialog } from './describe-dialog.tsx';
import { Services } from './services.ts';

const SESSION = 'c:one' as SessionId;

interface Asked {
  readonly path: string;
  readonly withValues: boolean;
  answer(result: Result<{ readonly text: string }, AppError>): Promise<void>;
}

let asked: Asked[];
let composed: string[];
let composer: Result<null, AppError>;
let seen: string[];

beforeAll(() => askForFailures(async () => FAILURES));
beforeEach(() => {
  [asked, composed, seen, composer] = [[], [], [], ok(null)];
});
afterEach(() => render(null, document.body));

const field = () => document.querySelector<HTMLTextAreaElement>('[data-part="describe-text"]');
const button = () => document.querySelector<HTMLButtonElement>('[data-action="insert-description"]');
const choice = () => document.querySelector<HTMLSelectElement>('[data-part="describe-file"]');
const tick = () => document.querySelector<HTMLInputElement>('[data-part="describe-values"]');

/** The dialog over a door that answers when the test says so, with two files of which the later is chosen. */
async function open(): Promise<void> {
  const runs = createFakeRunsDoor();
  await runs.addFile({ sessionId: SESSION, name: 'a.csv', bytes: new Uint8Array(1) });
  await runs.addFile({ sessionId: SESSION, name: 'b.csv', bytes: new Uint8Array(1) });
  const services = {
    ...createFakeCardServices({
      ...runs,
      describeFile: ({ path, withValues }) => {
        const held = Promise.withResolvers<Result<{ readonly text: string }, AppError>>();
        const answer = async (result: Result<{ readonly text: string }, AppError>) => {
          held.resolve(result);
          // The dialog asked before us: its own reading of the answer comes first.
          await held.promise;
        };
        asked.push({ path, withValues, answer });
        return held.promise;
      },
    }),
    compose: async (text: string) => {
      composed.push(text);
      return composer;
    },
  };
  const close = () => {
    seen.push('closed');
    render(null, document.body);
  };
  render(
    <Services.Provider value={services}>
      <DescribeDialog sessionId={SESSION} onClose={close} onNote={(text) => seen.push(text)} />
    </Services.Provider>,
    document.body,
  );
  await until(() => expect(asked).toHaveLength(1));
}

function act(element: Element | null, kind: 'click' | 'input' | 'change', change = () => {}): void {
  change();
  const event = kind === 'click' ? new MouseEvent(kind, { bubbles: true }) : new Event(kind, { bubbles: true });
  vouchFor(event);
  element?.dispatchEvent(event);
}

const setTick = (checked: boolean) => act(tick(), 'change', () => Object.assign(tick() ?? {}, { checked }));
const isReady = (text: string) =>
  until(() => expect([field()?.value, button()?.disabled]).toEqual([text, text === '']));

it.each<[string, () => void, Partial<Asked>]>([
  ['the tick is taken away', () => setTick(false), { withValues: false }],
  [
    'another file is chosen',
    () => act(choice(), 'change', () => Object.assign(choice() ?? {}, { value: '/mnt/data/b.csv' })),
    { path: '/mnt/data/b.csv' },
  ],
])('when %s, no text with values is left, also if the next answer is an error', async (_what, change, next) => {
  await open();
  await asked[0]?.answer(ok({ text: 'plain' }));
  await isReady('plain');
  setTick(true);
  await until(() => expect(asked).toHaveLength(2));
  await asked[1]?.answer(ok({ text: 'with SECRET' }));
  await isReady('with SECRET');
  change();
  await until(() => expect(asked).toHaveLength(3));
  expect(asked[2]).toMatchObject(next);
  await isReady('');
  await asked[2]?.answer(fail(appError('box/lost')));
  await until(() => expect(document.body.textContent).toContain(FAILURES['box/lost'].title));
  await isReady('');
});

/** The dialog while its second question is open; the first is not answered yet. */
async function askedTwice(): Promise<void> {
  await open();
  setTick(true);
  await until(() => expect(asked).toHaveLength(2));
}

/** The dialog with a text that a person wrote before the first answer came. */
async function written(text: string): Promise<void> {
  await open();
  act(field(), 'input', () => Object.assign(field() ?? {}, { value: text }));
  await isReady(text);
}

const insert = () => act(button(), 'click');

it.each([
  ['a text', ok({ text: 'old' })],
  ['an error', fail(appError('box/lost'))],
])('%s that answers what was asked before is not shown', async (_what, old) => {
  await askedTwice();
  await asked[0]?.answer(old);
  await asked[1]?.answer(ok({ text: 'new' }));
  await isReady('new');
  expect(document.querySelector('.failure')).toBeNull();
  insert();
  expect(composed).toEqual(['new']);
});

it('a late answer takes nothing of what was written', async () => {
  await written('mine');
  await asked[0]?.answer(ok({ text: 'theirs' }));
  insert();
  expect(composed).toEqual(['mine']);
});

it('a text that the composer refuses stays, with the reason', async () => {
  await written('mine');
  composer = fail(appError('composer/not-inserted'));
  insert();
  await until(() => expect(document.body.textContent).toContain(FAILURES['composer/not-inserted'].title));
  await isReady('mine');
  expect(seen).not.toContain('closed');
  composer = ok(null);
  insert();
  await until(() => expect(seen.slice(-2)).toEqual(['closed', TEXTS.composer.done]));
  expect(composed).toEqual(['mine', 'mine']);
});
