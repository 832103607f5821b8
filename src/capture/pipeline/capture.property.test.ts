import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ENCODING, EnvelopeSender, rootFrame, siteMessage, sse } from '../../../tests/support/envelope-sender.ts';
import type { CapturedMessage, CaptureEvent } from '../../contracts/capture.ts';
import { createCapture } from './index.ts';

const utf8 = new TextEncoder();

const ids = fc.constantFrom('call-1', 'm-2', 'm-3');
const statuses = fc.constantFrom('in_progress', 'in_progress', 'finished_successfully');
const roots = fc
  .record({ id: ids, status: statuses, channel: fc.nat(2), recipient: fc.constantFrom('python', 'all') })
  .map(({ channel, ...facts }) => rootFrame(siteMessage(facts), channel));
const paths = fc.constantFrom(
  '',
  '/message/content/text',
  '/message/status',
  '/message/metadata',
  '/message/id',
  '/conversation_id',
  '/nowhere/at/all',
);
const operations = fc.constantFrom('add', 'replace', 'append', 'remove', 'truncate', 'patch', 'fold');
const deltas = fc
  .record(
    { c: fc.nat(3), o: operations, p: paths, v: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 3 })) },
    { requiredKeys: [] },
  )
  .map((frame) => sse(frame, 'delta'));
const appends = fc
  .string({ unit: 'grapheme' })
  .map((v) => sse({ p: '/message/content/text', o: 'append', v }, 'delta'));
const more = fc.string({ unit: 'grapheme' }).map((v) => sse({ v }, 'delta'));
const junk = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.jsonValue().map((value) => sse(value)),
  fc.constantFrom('data: {\n\n', 'event: delta\ndata: [}\n\n', ENCODING, 'data: [DONE]\n\n', ': \n', '\r', '\n\n'),
);
const streams = fc
  .array(fc.oneof({ arbitrary: appends, weight: 3 }, { arbitrary: more, weight: 4 }, roots, deltas, junk), {
    maxLength: 25,
  })
  .map((events) => utf8.encode(ENCODING + events.join('')));

/** All that is left once a page has gone by: last state of each message, calls, results, problems. */
function outcome(feed: (sender: EnvelopeSender) => void, told: CaptureEvent[] = []) {
  const messages = new Map<string, CapturedMessage>();
  const rest: CaptureEvent[] = [];
  const capture = createCapture({
    now: () => 0,
    onEvent: (event) => {
      told.push(event);
      if (event.kind === 'message') messages.set(event.message.key, event.message);
      else rest.push(event);
    },
  });
  feed(new EnvelopeSender(capture));
  // How many frames there were is the cutting itself.
  const { frames, log, ...health } = capture.health();
  expect(frames.failed + frames.blocked, log.join('\n')).toBe(0);
  return { messages: [...messages.values()], rest, health };
}

function feedCut(bytes: Uint8Array, cuts: readonly number[]) {
  return (sender: EnvelopeSender): void => {
    const stream = sender.open();
    let at = 0;
    for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
      const next = Math.max(at, Math.min(cut, bytes.length));
      sender.chunk(stream, bytes.slice(at, next));
      at = next;
    }
    sender.end(stream);
  };
}

it('gives the same messages and calls however a body is cut, junk and all', () => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(4_000), { maxLength: 30 }), (bytes, cuts) => {
      expect(outcome(feedCut(bytes, cuts))).toStrictEqual(outcome(feedCut(bytes, [])));
    }),
    { numRuns: 400 },
  );
});

it('tells the same of a text that grows, whether its frames are parsed or only looked at', () => {
  // Few names and states, so that streams meet in the same message and messages come back to an earlier one.
  const id = fc.constantFrom('call-1', 'call-1', 'm-2');
  const status = fc.constantFrom('in_progress', 'in_progress', 'in_progress', 'finished_successfully');
  const conversation = fc.constantFrom('conv-1', 'conv-1', null);
  const place = fc.constantFrom('text', 'text', 'text', 'content_type');
  const opened = fc
    .tuple(fc.record({ id, status }), conversation)
    .map(([facts, conversationId]) => rootFrame(siteMessage(facts), 0, conversationId));
  const placed = place.map((name) => ({ o: 'append', p: `/message/content/${name}`, v: 'a' }));
  const replaced = fc
    .oneof(fc.tuple(fc.constant('id'), id), fc.tuple(fc.constant('status'), status))
    .map(([name, v]) => ({ o: 'replace', p: `/message/${name}`, v }));
  const named = fc.constantFrom('conv-1', 'conv-2').map((name) => ({ type: 'resume', conversation_id: name }));
  const events = fc.oneof(
    { arbitrary: opened, weight: 3 },
    { arbitrary: more, weight: 4 },
    { arbitrary: fc.oneof(placed, placed, replaced, named).map((frame) => sse(frame, 'delta')), weight: 8 },
  );
  const bodies = fc.array(fc.tuple(events, fc.nat(1)), { minLength: 10, maxLength: 40 });
  const takenUnderTwoNames = [
    { type: 'resume', conversation_id: 'conv-2' },
    { p: '', o: 'add', c: 0, v: { message: siteMessage({ id: 'call-1', status: 'in_progress' }) } },
    { type: 'resume', conversation_id: 'conv-1' },
    { v: '' },
    { type: 'resume', conversation_id: 'conv-2' },
    { o: 'append', p: '/message/content/content_type', v: 'a' },
    { o: 'append', p: '/message/content/text', v: 'a' },
    { type: 'resume', conversation_id: 'conv-1' },
    { v: 'a' },
  ].map((frame): [string, number] => [sse(frame, 'delta'), 0]);
  fc.assert(
    fc.property(bodies, (body) => {
      const told = (start: string) => {
        const changes: CaptureEvent[] = [];
        const end = outcome((sender) => {
          const streams = [sender.open(), sender.open()];
          for (const [event, index] of body)
            sender.chunk(streams[index] ?? 0, utf8.encode(event.replace('data: {', start)));
          for (const stream of streams) sender.end(stream);
        }, changes);
        return { ...end, changes };
      };
      // JSON as well, but none of the ways in which the site begins a frame of text.
      expect(told('data: {')).toStrictEqual(told('data: { '));
    }),
    { numRuns: 2_000, examples: [[takenUnderTwoNames]] },
  );
});

it('never throws and never offers a call twice, whatever comes on sockets in whatever order', () => {
  const item = fc.record({
    type: fc.constantFrom('message', 'reply', 'conversation-update', 'tool_call', 'tool_response', 'else'),
    topic_id: fc.constantFrom('conversation-turn-a', 'conversation-turn-b', null),
    id: fc.constantFrom('f1', 'f2', 3),
    offset: fc.constantFrom('1', '2-1', '9'.repeat(40), null),
    fragmented: fc.boolean(),
    total_fragments: fc.constantFrom(1, 2, 3, -1, 1e9, 'x'),
    content: fc.record({ tool_name: fc.constantFrom('python', 'shell', 'x'), code: fc.string(), command: fc.string() }),
    reply: fc.record({ topic_id: fc.constant('conversation-turn-a'), catchups: fc.array(fc.jsonValue()) }),
    payload: fc.record({
      type: fc.constantFrom('conversation-turn-stream', 'conversation-update', 'x'),
      payload: fc.record({
        type: fc.constantFrom('stream-item', 'done', 'error', 'heartbeat'),
        stream_item_id: fc.constantFrom('s1', 's2', null),
        encoded_item: fc.oneof(roots, deltas, junk),
        update_content: fc.jsonValue(),
      }),
    }),
  });
  const frames = fc.oneof(fc.array(item, { maxLength: 3 }), item, fc.jsonValue(), fc.string());
  fc.assert(
    fc.property(
      fc.array(fc.tuple(frames, fc.constantFrom('in' as const, 'out' as const)), { maxLength: 15 }),
      (sent) => {
        const { rest, health } = outcome((sender) => {
          for (const [content, direction] of sent) sender.socket(content, direction);
        });
        const keys = rest.filter(({ kind }) => kind === 'call').map((event) => ('key' in event ? event.key : ''));
        expect(new Set(keys).size).toBe(keys.length);
        expect(health.problems).not.toHaveProperty('frame_failed');
      },
    ),
    { numRuns: 500 },
  );
});
