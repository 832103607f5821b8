// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, expect, test, vi } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import { ok } from '../../base/index.ts';
import type { Sighting } from '../../contracts/capture.ts';
import type { PageReport } from '../../contracts/doors/page-report.ts';
import { vouchFor } from '../kit/trusted-press.ts';
import { PagePart } from './page-part.tsx';
import { reportText } from './report-part.tsx';

const door = { recording: async () => ok([]) };
const place = document.createElement('div');
afterEach(() => {
  render(null, place);
  vi.restoreAllMocks();
});

test.each([
  ['loading', 'This page has not loaded whole yet. If it stays so, load it again.'],
  ['unavailable', 'Open chatgpt.com in this tab to use the companion.'],
] as const)('says what to do with a page that is %s', (page, text) => {
  render(<PagePart page={page} door={door} />, place);
  expect(place.textContent).toBe(text);
});

const pageWith = (drift: 'none' | 'suspected', missingLandmarks: readonly string[]): PageReport => ({
  sessionId: 's',
  conversationId: null,
  callsSeen: 0,
  design: 'legacy',
  missingLandmarks,
  health: {
    streamsSeen: 3,
    decoded: 0,
    unknownShapes: 0,
    problems: {},
    drift,
    sampleShape: null,
    frames: { processed: 3, blocked: 0, failed: 0, size: 1, canvases: 0 },
    log: [],
  },
});
const part = (name: string) => place.querySelector(`[data-part="${name}"]`);
const pressCopy = async () => {
  await until(() => expect(place.querySelector('[data-action="copy-report"]')).not.toBeNull());
  const event = new MouseEvent('click', { bubbles: true });
  vouchFor(event);
  place.querySelector('[data-action="copy-report"]')?.dispatchEvent(event);
};

const DRIFTED = 'The site has changed. Some answers could not be read, so calls may be missed.';
const DIFFERENT = 'The page looks different from what is known, so results may have no place to show.';

test.each([
  ['none', [], []],
  ['suspected', [], [DRIFTED]],
  ['none', ['turn'], [DIFFERENT]],
  ['suspected', ['turn'], [DRIFTED, DIFFERENT]],
] as const)('says all that has changed: drift %s, missing %j', (drift, missing, sentences) => {
  render(<PagePart page={pageWith(drift, missing)} door={door} />, place);
  const said = part('health')?.textContent ?? '';
  expect([DRIFTED, DIFFERENT].filter((sentence) => said.includes(sentence))).toEqual(sentences);
  expect(said === 'All is well on this page.').toBe(sentences.length === 0);
  expect(part('health')?.className).toBe(sentences.length === 0 ? 'fine' : 'alert');
});

test('says that the report is copied', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const page = pageWith('suspected', []);
  render(<PagePart page={page} door={door} />, place);
  await pressCopy();
  await until(() => expect(place.querySelector('[data-action="copy-report"]')?.textContent).toBe('Copied'));
  expect(copied).toHaveBeenCalledWith(reportText(page));
  expect(part('copy-note')?.textContent).toBe('');
});

test('says that the browser refused the copy, and shows the report as it was then', async () => {
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no', 'NotAllowedError'));
  const page = pageWith('suspected', ['turn']);
  render(<PagePart page={page} door={door} />, place);
  await pressCopy();
  const words = 'The browser did not allow it; select the text and copy it.';
  await until(() => expect(part('copy-note')?.textContent).toBe(words));
  const field = part('report') as HTMLTextAreaElement;
  expect(field.value).toBe(reportText(page));
  expect(field.readOnly).toBe(true);
  render(<PagePart page={pageWith('suspected', [])} door={door} />, place);
  expect(field.value).toBe(reportText(page));
});

const seen = (kind: Sighting['kind'], name: string, count: number): Sighting => ({ kind, name, count });

test.each([
  [[seen('python-like', 'python.run', 3)], 'The site used a tool name that is not known here: python.run (3 times).'],
  [
    [seen('python-like', 'python.run', 3), seen('python-like', 'python.exec', 1), seen('route', 'f/*/go', 2)],
    'The site used a tool name that is not known here: python.run (3 times). Also seen and not known: address f/*/go (2 times). Calls to tools that are seldom seen: python.exec (once).',
  ],
  [[seen('content-type', 'other', 2)], 'Also seen and not known: content others (2 times).'],
] as const)('names what is not known: %j', async (sightings, words) => {
  const page = pageWith('none', []);
  render(<PagePart page={{ ...page, health: { ...page.health, sightings } }} door={door} />, place);
  await until(() => expect(part('sightings')?.textContent).toBe(words));
  expect(place.querySelector('[data-action="copy-report"]')).not.toBeNull();
});
