// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import { fail, ok } from '../../base/index.ts';
import { appError } from '../../contracts/errors.ts';
import { FAILURES } from '../../contracts/failures.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { EgressEntry } from '../../contracts/network.ts';
import { learnFailures, momentOf } from '../kit/index.ts';
import { vouchFor } from '../kit/trusted-press.ts';
import { EgressPart } from './egress-part.tsx';

const sessionId = 'c' as SessionId;
const atMs = Date.UTC(2020, 1, 3, 4, 5);
const place = document.createElement('div');
afterEach(() => render(null, place));

const entry = (patch: Partial<EgressEntry>): EgressEntry => ({
  atMs,
  sessionId,
  runner: 'python',
  method: 'POST',
  address: 'https://example.org/a',
  status: null,
  bytesOut: 0,
  bytesIn: 0,
  outcome: 'passed',
  ...patch,
});

function open(log: EgressEntry[], { ofPage = sessionId, most = 20, isFull = false } = {}) {
  const asked: number[] = [];
  const entries = signal<readonly EgressEntry[]>(log.slice(0, most));
  const engine = {
    egressLog: async (request: { readonly most: number }) => {
      asked.push(request.most);
      return ok(log.slice(0, request.most));
    },
    clearEgressLog: async () => {
      if (isFull) return fail(appError('host/unavailable', 'storage'));
      log.splice(0);
      return ok(null);
    },
  };
  render(<EgressPart engine={engine} shown={{ entries, most: signal(most) }} ofPage={ofPage} />, place);
  const rows = () => [...place.querySelectorAll('li')].map(({ lastChild }) => lastChild?.textContent);
  const find = (selector: string) => place.querySelector<HTMLElement>(selector);
  const press = (action: string) => {
    const event = new MouseEvent('click', { bubbles: true });
    vouchFor(event);
    find(`[data-action="${action}"]`)?.dispatchEvent(event);
  };
  return { asked, rows, find, press };
}

test('each request says when it was, what asked, for which conversation, how it ended, what went out and what came in', () => {
  const other = 'other' as SessionId;
  const { rows } = open([
    entry({ status: 200, bytesOut: 2_048, bytesIn: 5_120 }),
    entry({ outcome: 'failed', bytesOut: 1_024, sessionId: other, runner: 'linux' }),
    entry({ outcome: 'stopped', runner: 'javascript' }),
    entry({ outcome: 'not-allowed' }),
  ]);
  const at = momentOf(atMs);
  expect(at).toMatch(/3/);
  expect(rows()).toEqual([
    `${at} · Python · this conversation · answered (200) · 2 kB out, 5 kB in`,
    `${at} · Linux · another conversation · failed · at most 1 kB out, 0 B in`,
    `${at} · JavaScript · this conversation · stopped · 0 B out, 0 B in`,
    `${at} · Python · this conversation · not allowed · 0 B out, 0 B in`,
  ]);
});

test('without a conversation in the tab it is there too, and calls no conversation this one', () => {
  const { rows } = open([entry({})], { ofPage: null as unknown as SessionId });
  expect(rows()).toEqual([`${momentOf(atMs)} · Python · answered · 0 B out, 0 B in`]);
});

test('more of it shows by a press, until there is no more', async () => {
  const log = Array.from({ length: 130 }, () => entry({}));
  const { rows, find, press, asked } = open(log);
  expect(rows()).toHaveLength(20);
  press('more-egress');
  await until(() => expect(rows()).toHaveLength(120));
  press('more-egress');
  await until(() => expect(rows()).toHaveLength(130));
  expect(asked).toEqual([120, 220]);
  expect(find('[data-action="more-egress"]')).toBeNull();
});

test('it is cleared by a press, which says so; where that fails it stays, and the failure is said', async () => {
  learnFailures(FAILURES);
  const cleared = open([entry({})]);
  cleared.press('clear-egress');
  await until(() => expect(cleared.find('[data-part="egress"]')).toBeNull());
  expect(cleared.find('[data-part="egress-note"]')?.textContent).toBe('The list was cleared.');
  render(null, place);
  const failing = open([entry({})], { isFull: true });
  failing.press('clear-egress');
  await until(() =>
    expect(failing.find('[data-part="egress-note"]')?.textContent).toBe(FAILURES['host/unavailable'].title),
  );
  expect(failing.rows()).toHaveLength(1);
});
