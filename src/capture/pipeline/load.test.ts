import { describe, expect, it } from 'vitest';
import { ENCODING, EnvelopeSender, rootFrame, siteMessage, sse } from '../../../tests/support/envelope-sender.ts';
import type { CaptureEvent } from '../../contracts/capture.ts';
import { createCapture } from './index.ts';

const MB = 1024 * 1024;
const utf8 = new TextEncoder();

function setUp() {
  const calls: CaptureEvent[] = [];
  let text = '';
  const clock = { nowMs: 0 };
  const capture = createCapture({
    now: () => clock.nowMs,
    onEvent: (event) => {
      if (event.kind === 'call' || event.kind === 'call-refused') calls.push(event);
      if (event.kind === 'message') text = event.message.text;
    },
  });
  return { capture, calls, sender: new EnvelopeSender(capture), clock, text: () => text };
}

const open = ENCODING + rootFrame(siteMessage({ status: 'in_progress', text: 'print(1)' }));
const finish = sse({ p: '/message/status', o: 'replace', v: 'finished_successfully' }, 'delta');

describe('under load', () => {
  it('puts a message of a million fragments together', () => {
    const { sender, text, clock } = setUp();
    const stream = sender.open();
    sender.chunk(stream, open + sse({ p: '/message/content/text', o: 'append', v: '' }, 'delta'));
    const thousand = utf8.encode(sse({ v: 'ab' }, 'delta').repeat(1_000));
    for (let round = 0; round < 1_000; round += 1) {
      clock.nowMs += 1;
      sender.chunk(stream, thousand);
    }
    expect(text()).toHaveLength(2_000_008);
    expect(text().endsWith('abab')).toBe(true);
  });

  it('counts a socket frame of 64 MB, does not store it, and doubts what it may have held', () => {
    const { capture, calls, sender } = setUp();
    const item = (id: string, encoded_item: string) => ({
      type: 'message',
      topic_id: 'conversation-turn-a',
      payload: { type: 'conversation-turn-stream', payload: { type: 'stream-item', stream_item_id: id, encoded_item } },
    });
    sender.socket(item('s1', open));
    sender.socket(new Uint8Array(64 * MB));
    sender.socket(item('s2', finish));
    expect(capture.health().problems).toMatchObject({ frame_too_large: 1 });
    expect(calls).toMatchObject([{ kind: 'call-refused', reason: 'incomplete' }]);
  });

  it('counts an event of 64 MB in a body, does not hold it, and reads on', () => {
    const { capture, sender, text } = setUp();
    const stream = sender.open();
    sender.chunk(stream, `${ENCODING}event: delta\ndata: "`);
    const piece = utf8.encode('x'.repeat(MB));
    for (let round = 0; round < 64; round += 1) sender.chunk(stream, piece);
    sender.chunk(stream, `"\n\n${rootFrame(siteMessage({ text: 'after' }))}`);
    expect(capture.health().problems).toStrictEqual({ oversized_event: 1 });
    expect(text()).toBe('after');
  });

  it('stops a message from growing without end', () => {
    const { capture, calls, sender } = setUp();
    const stream = sender.open();
    sender.chunk(stream, open);
    const piece = sse({ p: '/message/content/text', o: 'append', v: 'x'.repeat(MB) }, 'delta');
    for (let round = 0; round < 40; round += 1) sender.chunk(stream, piece);
    sender.chunk(stream, finish);
    expect(capture.health().problems['message_too_large']).toBeGreaterThan(0);
    expect(calls).toMatchObject([{ kind: 'call-refused', reason: 'incomplete' }]);
  });

  it('blocks a flood, counts it, and puts what it cut into doubt', () => {
    const { capture, calls, sender, clock } = setUp();
    const stream = sender.open();
    sender.chunk(stream, open);
    for (let round = 0; round < 60_000; round += 1) sender.send({ kind: 'health', counts: {} });
    sender.chunk(stream, finish);
    clock.nowMs = 2_000;
    // The first event may be the rest of one that was cut.
    sender.chunk(stream, finish + finish);
    expect(capture.health().problems['rate_limited']).toBeGreaterThan(10_000);
    expect(calls).toMatchObject([{ kind: 'call-refused', reason: 'incomplete' }]);
  });

  it('keeps a bounded number of bodies, topics and messages', () => {
    const { capture, sender, text } = setUp();
    for (let round = 0; round < 300; round += 1) sender.open();
    for (let round = 0; round < 12_000; round += 1) {
      sender.socket({
        type: 'conversation-update',
        payload: {
          conversation_id: 'c',
          update_content: { message: siteMessage({ id: `m-${String(round)}`, text: String(round) }) },
        },
      });
    }
    expect(text()).toBe('11999');
    expect(capture.health().problems).toStrictEqual({});
  });
});
