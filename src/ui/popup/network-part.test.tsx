// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import { appError } from '../../contracts/errors.ts';
import { fail } from '../../base/index.ts';
import type { SessionId } from '../../contracts/ids.ts';
import { NetworkPart } from './network-part.tsx';

const sessionId = 'c' as SessionId;
/** As much of it as the part looks at. */
const PAGE = { sessionId } as Partial<PageReport> as PageReport;
const place = document.createElement('div');
afterEach(() => render(null, place));

test('what may be reached is named with what was used of it', () => {
  const now = { origins: ['https://example.org'], usedBytes: 8_192, sentBytes: 3_072, mostBytes: 50 * 1024 * 1024 };
  render(
    <NetworkPart
      engine={{ allowHosts: async () => fail(appError('host/unavailable')) }}
      page={PAGE}
      network={signal({ sessionId, now })}
      onAllow={() => undefined}
    />,
    place,
  );
  // What is read aloud begins with what is written there, so that it can be pressed by voice.
  const remove = place.querySelector('[data-action="remove-host"]');
  expect(remove?.getAttribute('aria-label')).toBe('Remove example.org');
  expect(remove?.textContent).toBe('Remove');
  expect(place.textContent).toContain('8 kB of 50 MB used');
});
