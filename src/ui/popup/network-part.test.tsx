// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import { appError } from '../../contracts/errors.ts';
import { fail } from '../../base/index.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { EgressEntry } from '../../contracts/network.ts';
import { NetworkPart } from './network-part.tsx';

const sessionId = 'c' as SessionId;
/** As much of it as the part looks at. */
const PAGE = { sessionId } as Partial<PageReport> as PageReport;
const place = document.createElement('div');
afterEach(() => render(null, place));

const entry = (patch: Partial<EgressEntry>): EgressEntry => ({
  atMs: 1,
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

test('each request says what went out and what came in, however it ended', () => {
  const egress = [
    entry({ status: 200, bytesOut: 2_048, bytesIn: 5_120 }),
    entry({ outcome: 'failed', bytesOut: 1_024 }),
    entry({ outcome: 'stopped' }),
    entry({ outcome: 'not-allowed' }),
  ];
  const now = { origins: ['https://example.org'], usedBytes: 8_192, sentBytes: 3_072, mostBytes: 50 * 1024 * 1024 };
  render(
    <NetworkPart
      engine={{ allowHosts: async () => fail(appError('host/unavailable')) }}
      page={PAGE}
      network={signal({ sessionId, now })}
      egress={egress}
      onAllow={() => undefined}
    />,
    place,
  );
  const rows = [...place.querySelectorAll('[data-part="egress"] li .quiet')].map(({ textContent }) => textContent);
  expect(rows).toEqual([
    'answered (200) · 2 kB out, 5 kB in',
    'failed · at most 1 kB out, 0 B in',
    'stopped · 0 B out, 0 B in',
    'not allowed · 0 B out, 0 B in',
  ]);
  // What is read aloud begins with what is written there, so that it can be pressed by voice.
  const remove = place.querySelector('[data-action="remove-host"]');
  expect(remove?.getAttribute('aria-label')).toBe('Remove example.org');
  expect(remove?.textContent).toBe('Remove');
  expect(place.textContent).toContain('8 kB of 50 MB used');
});
