// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import { fail, ok, toBase64 } from '../../base/index.ts';
import type { PageDoor } from '../../contracts/doors/page-report.ts';
import { appError } from '../../contracts/errors.ts';
import type { Recording } from '../../contracts/recording.ts';
import { RecorderPart } from './recorder-part.tsx';

const place = document.createElement('div');
const saved: string[] = [];

beforeAll(() => {
  // Presses of a script count for nothing in the product.
  Object.defineProperty(Event.prototype, 'isTrusted', { get: () => true });
  HTMLAnchorElement.prototype.click = function () {
    saved.push(this.download);
  };
});
beforeEach(() => {
  saved.length = 0;
  document.body.append(place);
});
afterEach(() => render(null, place));

const bytesOf = (text: string) => toBase64(new TextEncoder().encode(text));
const event = (text: string) =>
  `data: ${JSON.stringify({ message: { id: 'm-1', author: { role: 'user' }, content: { parts: [text] } } })}\n\n`;
const recordingOf = (...texts: readonly string[]): Recording => [
  {
    atMs: 0,
    kind: 'open',
    stream: 1,
    method: 'POST',
    url: 'https://chatgpt.com/backend-api/f/conversation',
    status: 200,
    contentType: 'text/event-stream',
    retryAfter: null,
    request: null,
  },
  ...texts.map(
    (text, at) => ({ atMs: 2_500 * (at + 1), kind: 'chunk', stream: 1, base64: bytesOf(event(text)) }) as const,
  ),
];
const part = (name: string) => place.querySelector<HTMLElement>(`[data-part="${name}"]`);
const press = () => place.querySelector<HTMLButtonElement>('[data-action="save-recording"]')?.click();
const look = () => {
  const details = part('recording-look') as HTMLDetailsElement;
  details.open = !details.open;
  details.dispatchEvent(new Event('toggle'));
};
function open(recording: PageDoor['recording']) {
  render(<RecorderPart door={{ recording }} />, place);
}

test('saves a recording with one press, and says what it holds', async () => {
  open(async () => ok(recordingOf('hello there', 'hello')));
  press();
  await until(() =>
    expect(part('recording-note')?.textContent).toBe('1 message in 2 frames over 5 s: in your downloads.'),
  );
  expect(saved).toEqual(['chatgpt-wire-2.json']);
  expect(part('recording')).toBeNull();
});

test('shows the very text that a press then saves, without what was said', async () => {
  let asked = 0;
  open(async () => {
    asked += 1;
    return ok(recordingOf('hello there'));
  });
  look();
  await until(() => expect(part('recording')).not.toBeNull());
  const { value } = part('recording') as HTMLTextAreaElement;
  expect(JSON.parse(value)).toMatchObject({ kind: 'session', steps: [{ step: 'open' }, { step: 'chunk' }] });
  expect(value).toContain('xxxxx xxxxx');
  expect(value).not.toContain('hello');
  expect(saved).toEqual([]);
  expect(part('recording-note')?.textContent).toBe('1 message in 1 frame over 2.5 s');
  press();
  await until(() => expect(saved).toHaveLength(1));
  expect(asked).toBe(1);
});

test('looks anew each time that it is opened', async () => {
  let asked = 0;
  open(async () => ok(recordingOf(...Array.from({ length: ++asked }, () => 'a'))));
  for (const holds of ['1 message in 1 frame over 2.5 s', '1 message in 2 frames over 5 s']) {
    look();
    await until(() => expect(part('recording-note')?.textContent).toBe(holds));
    look();
  }
});

test.each([
  ['nothing is recorded', async () => ok([]), 'Nothing is recorded yet. Send a message in this tab first.'],
  [
    'the tab does not answer',
    async () => fail(appError('host/unavailable')),
    'This tab did not answer. Load it again.',
  ],
] as const)('says so and saves nothing when %s', async (_, recording, words) => {
  open(recording);
  press();
  await until(() => expect(part('recording-note')?.textContent).toBe(words));
  expect(saved).toEqual([]);
});
