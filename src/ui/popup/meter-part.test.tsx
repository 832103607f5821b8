// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import type { SessionId } from '../../contracts/ids.ts';
import type { MeterSample } from '../../contracts/meter.ts';
import { MeterPart } from './meter-part.tsx';

const MB = 1024 * 1024;
const place = document.createElement('div');
afterEach(() => render(null, place));

const sample = (at: number, patch: Partial<MeterSample> = {}): MeterSample => ({
  atMs: at * 5_000,
  memoryBytes: 100 * MB,
  memoryShare: 0.25,
  cpuShare: 0.5,
  storageBytes: 3 * MB,
  storageShare: 0,
  networkBytes: 0,
  runs: 1,
  ...patch,
});
/** As much of it as the part looks at. */
const page = { sessionId: 'c' } as Partial<PageReport> as PageReport;
const network = (sessionId: string) => ({
  sessionId: sessionId as SessionId,
  now: { origins: [], usedBytes: 3_072, sentBytes: 1_024, mostBytes: 50 * MB },
});
const rows = () =>
  [...place.querySelectorAll('dl > div')].map((row) => [
    row.querySelector('dt')?.textContent,
    row.querySelector('dd')?.textContent?.trim(),
  ]);
const labels = () =>
  [...place.querySelectorAll('[data-part="meter"]')].map((graph) => graph.getAttribute('aria-label'));
const pointsOf = (at: number) =>
  (place.querySelectorAll('polyline')[at]?.getAttribute('points') ?? '')
    .split(' ')
    .map((point) => point.split(',').map(Number));

test.each([null, { samples: [], alerts: [] }])('before the first sample its rows have their places: %j', (report) => {
  render(<MeterPart report={report} network={null} page={null} />, place);
  expect(rows()).toEqual([
    ['Memory of engines', '–'],
    ['Processor', '–'],
    ['Storage', '–'],
    ['Network', '–'],
  ]);
  expect(labels()).toEqual([]);
});

test('shows the last figures, their graphs and what the conversation sent and got', () => {
  const samples = [
    sample(0, { memoryShare: 0 }),
    sample(1, { memoryShare: 1, networkBytes: 1_000 }),
    sample(2, { memoryShare: 0.5, memoryBytes: 200 * MB, networkBytes: 5_000 }),
  ];
  render(<MeterPart report={{ samples, alerts: [] }} network={network('c')} page={page} />, place);
  expect(rows()).toEqual([
    ['Memory of engines', '200 MB'],
    ['Processor', '50 %'],
    ['Storage', '3 MB'],
    ['Network', '4.9 kB'],
    ['This conversation', '1 kB out, 2 kB in'],
  ]);
  expect(labels()).toEqual([
    'Memory of engines: 50 %',
    'Processor: 50 %',
    'Storage: 0 %',
    'Network: 4.9 kB since the engine started',
  ]);
  // Left to right over the whole width, the most at the top: 0, all, half of it.
  expect(pointsOf(0)).toEqual([
    [0, 15],
    [30, 1],
    [60, 8],
  ]);
  // What went through between the samples, by the most of them: 0, 1,000 and 4,000 bytes.
  expect(pointsOf(3)).toEqual([
    [0, 15],
    [30, 11.5],
    [60, 1],
  ]);
});

test('a single sample is a level line', () => {
  render(<MeterPart report={{ samples: [sample(0)], alerts: [] }} network={null} page={null} />, place);
  expect(pointsOf(1)).toEqual([
    [0, 8],
    [60, 8],
  ]);
});

test('figures of another conversation are not shown as this one’s', () => {
  render(<MeterPart report={{ samples: [sample(0)], alerts: [] }} network={network('other')} page={page} />, place);
  expect(rows().map(([name]) => name)).toEqual(['Memory of engines', 'Processor', 'Storage', 'Network']);
});

test('the graph holds five minutes, and what is above its threshold is said', () => {
  const samples = Array.from({ length: 200 }, (_, at) => sample(at, { cpuShare: at < 140 ? 1 : 0.95 }));
  render(<MeterPart report={{ samples, alerts: ['cpu', 'storage'] }} network={null} page={null} />, place);
  expect(pointsOf(1)).toHaveLength(60);
  expect(pointsOf(1).every(([, y]) => y !== 1)).toBe(true);
  expect([...place.querySelectorAll('[data-part="alert"]')].map(({ textContent }) => textContent)).toEqual([
    'The processor is busy with your programs.',
    'The storage is nearly full: remove files that you no longer need.',
  ]);
});
