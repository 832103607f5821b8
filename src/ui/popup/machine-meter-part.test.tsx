// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import { sessionIdOf } from '../../contracts/ids.ts';
import type { MachineReport, MachineSample } from '../../contracts/meter.ts';
import { MachineMeterPart } from './machine-meter-part.tsx';

const MB = 1024 * 1024;
const place = document.createElement('div');
/** As much of it as the part looks at. */
const page = { sessionId: 'c' } as Partial<PageReport> as PageReport;
const onOpenTerminals = vi.fn();

beforeAll(() => {
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
});
beforeEach(() => {
  vi.useFakeTimers();
  onOpenTerminals.mockClear();
  document.body.append(place);
});
afterEach(() => {
  render(null, place);
  vi.useRealTimers();
});

const sample = (at: number, patch: Partial<MachineSample> = {}): MachineSample => ({
  atMs: at * 5_000,
  memoryBytes: 60 * MB,
  memoryMostBytes: 240 * MB,
  cpuShare: 0.5,
  load: 0.5,
  storageBytes: 300 * MB,
  storageMostBytes: 600 * MB,
  sentBytes: 0,
  receivedBytes: 0,
  requests: 0,
  ...patch,
});

function draw(patch: Partial<MachineReport>, sessionId = 'c'): void {
  const report: MachineReport = { samples: [], alerts: [], isResting: false, ...patch };
  const machine = { sessionId: sessionIdOf(sessionId), report };
  render(<MachineMeterPart {...{ machine, page, onOpenTerminals }} />, place);
}

const rows = () =>
  [...place.querySelectorAll('dl > div')].map((row) => [
    row.querySelector('dt')?.textContent,
    row.querySelector('dd')?.textContent?.trim(),
    row.querySelector('[data-part="meter"]')?.getAttribute('aria-label'),
  ]);
const pointsOf = (at: number) => place.querySelectorAll('polyline')[at]?.getAttribute('points');

test('shows the last figures of the machine and how they went', () => {
  draw({
    samples: [sample(0), sample(1, { memoryBytes: 240 * MB, sentBytes: 512, receivedBytes: 1_536, requests: 1 })],
  });
  expect(rows()).toEqual([
    ['Linux memory', '240 MB of 240 MB', 'Linux memory: 100 %'],
    ['Linux processor', '50 %', 'Linux processor: 50 %'],
    ['Linux disk', '300 MB of 600 MB', 'Linux disk: 50 %'],
    ['Linux network', '512 B out, 1.5 kB in', 'Linux network: 1 request since it started'],
  ]);
  expect([pointsOf(0), pointsOf(3)]).toEqual(['0.0,11.5 60.0,1.0', '0.0,15.0 60.0,1.0']);
});

test('before the first sample its rows have their places; of a machine of another conversation nothing is shown', () => {
  draw({});
  expect(rows().map(([name, words]) => [name, words])).toEqual(
    ['Linux memory', 'Linux processor', 'Linux disk', 'Linux network'].map((name) => [name, '–']),
  );
  draw({ samples: [sample(0)] }, 'other');
  expect(place.textContent).toBe('');
});

test('a machine without a disk of its own has no row for it, and one that stands still is paused', () => {
  draw({ samples: [sample(0, { storageBytes: 0, storageMostBytes: 0 })], isResting: true });
  expect(rows().map(([name, words]) => [name, words])).toEqual([
    ['Linux memory', '60 MB of 240 MB'],
    ['Linux processor', 'paused'],
    ['Linux network', '0 B out, 0 B in'],
  ]);
});

test('what is nearly used up is said once, with a way to look at it', async () => {
  draw({ samples: [sample(0)], alerts: ['memory', 'storage'] });
  const alerts = [...place.querySelectorAll('[data-part="machine-alert"]')];
  expect(alerts.map((alert) => [alert.getAttribute('data-alert'), alert.querySelector('p')?.textContent])).toEqual([
    ['memory', 'Linux has little memory left: end programs that you no longer need.'],
    [
      'storage',
      expect.stringMatching(
        /^The disk of Linux is nearly full.* more than 128 MB of its own, packed, it cannot be saved.$/,
      ),
    ],
  ]);
  await vi.advanceTimersByTimeAsync(1_000);
  alerts[1]?.querySelector('button')?.click();
  expect(onOpenTerminals).toHaveBeenCalledOnce();
});
