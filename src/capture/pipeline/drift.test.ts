import { describe, expect, it } from 'vitest';
import { ENCODING, EnvelopeSender, rootFrame, siteMessage, sse } from '../../../tests/support/envelope-sender.ts';
import { createCapture } from './index.ts';

function health(...bodies: readonly string[]) {
  const capture = createCapture({ now: () => 0, onEvent: () => undefined });
  const sender = new EnvelopeSender(capture);
  for (const body of bodies) sender.body(body);
  return capture.health();
}

const good = ENCODING + rootFrame(siteMessage()) + sse('[DONE]');
const SECRET = 'words that a person wrote';

describe('the self-test', () => {
  it('is content with a turn that decodes', () => {
    expect(health(good)).toStrictEqual({
      frames: expect.any(Object),
      log: expect.any(Array),
      streamsSeen: 1,
      decoded: 1,
      unknownShapes: 0,
      problems: {},
      drift: 'none',
      sampleShape: null,
    });
  });

  it.each([
    ['an unknown encoding', sse('"v2"', 'delta_encoding') + sse({ k: [[SECRET]] }, 'delta') + sse('[DONE]')],
    ['unknown event names', sse({ text: SECRET }, 'patch') + sse('[DONE]')],
    ['unknown side-band', sse({ type: 'turn_piece', piece: { text: SECRET } }) + sse('[DONE]')],
    ['unnamed unknown objects', sse({ blocks: [{ text: SECRET }] }) + sse('[DONE]')],
    ['frames that are no delta', sse({ x: SECRET }, 'delta') + sse('[DONE]')],
  ])('suspects drift on %s, and keeps the shape without its values', (_name, body) => {
    const result = health(body);
    expect(result).toMatchObject({ streamsSeen: 1, decoded: 0, drift: 'suspected' });
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it.each([
    ['python.run', 'python.run'],
    ['code_interpreter', 'code_interpreter'],
    ['codeInterpreter', 'other'],
    ['codeinterpreter.start', 'codeinterpreter.start'],
    ['pyodide.start', 'pyodide.start'],
    ['tool.jupyter', 'tool.jupyter'],
    ['ipython3', 'ipython3'],
    ['Python of Ann', 'other'],
    ['python0123456789abcdef', 'other'],
    [`python_${'x'.repeat(60)}`, 'other'],
  ])('suspects drift from the first call on of a tool that may be Python: %s', (recipient, name) => {
    const result = health(ENCODING + rootFrame(siteMessage({ recipient })) + sse('[DONE]'), good, good, good);
    expect(result).toMatchObject({ drift: 'suspected', sightings: [{ kind: 'python-like', name, count: 1 }] });
  });

  it.each(['api_tool.notebook_notes', 'kernel_news'])(
    'names a tool that is hardly Python, and suspects nothing: %s',
    (recipient) => {
      const result = health(ENCODING + rootFrame(siteMessage({ recipient })) + sse('[DONE]'));
      expect(result).toMatchObject({ drift: 'none', sightings: [{ kind: 'python-like', name: recipient, count: 1 }] });
    },
  );

  it.each([
    'notebooklm.open',
    'kernels.list',
    'pythonista',
    'micropythons',
    'decode.interpreters',
    'all',
    'barcode_interpreter',
  ])('takes no tool for Python whose name has but the letters: %s', (recipient) => {
    const result = health(ENCODING + rootFrame(siteMessage({ recipient })) + sse('[DONE]'));
    expect(result.drift).toBe('none');
    expect(result.sightings).toBeUndefined();
  });

  it('counts a call of the tool as a namespace, and suspects nothing', () => {
    const result = health(ENCODING + rootFrame(siteMessage({ recipient: 'python.exec' })) + sse('[DONE]'));
    expect(result).toMatchObject({
      drift: 'none',
      sightings: [{ kind: 'python-like', name: 'python.exec', count: 1 }],
    });
  });

  it('names shapes that it does not know, what looks like Python first', () => {
    const card = {
      ...siteMessage({ id: 'card', recipient: 'all' }),
      content: { content_type: 'fruit_card', text: SECRET },
    };
    const result = health(
      ENCODING + sse({ type: 'turn_piece', text: SECRET }) + sse({ type: SECRET }) + rootFrame(card) + sse('[DONE]'),
      ENCODING + rootFrame(siteMessage({ recipient: 'jupyter' })) + sse('[DONE]'),
    );
    expect(result.sightings).toStrictEqual([
      { kind: 'python-like', name: 'jupyter', count: 1 },
      { kind: 'content-type', name: 'fruit_card', count: 1 },
      { kind: 'side-band', name: 'turn_piece', count: 1 },
      { kind: 'side-band', name: 'other', count: 1 },
    ]);
  });

  it('counts events about items by name, and suspects nothing', () => {
    const item = { type: 'add-item', item: { id: 'call-1', message: siteMessage() } };
    const result = health(ENCODING + sse(item) + sse(item) + sse('[DONE]'));
    expect(result).toMatchObject({ drift: 'none', unknownShapes: 0, decoded: 1 });
    expect(result.sightings).toStrictEqual([{ kind: 'item-event', name: 'add-item', count: 2 }]);
  });

  it('keeps a bounded number of names', () => {
    const many = Array.from({ length: 100 }, (_, at) => sse({ type: `piece_${String(at)}` })).join('');
    const { sightings = [] } = health(ENCODING + many + rootFrame(siteMessage()));
    expect(sightings.length).toBeLessThan(20);
    expect(sightings.reduce((sum, { count }) => sum + count, 0)).toBe(100);
  });

  it('suspects drift when an event stream answers at an address that is not read', () => {
    const capture = createCapture({ now: () => 0, onEvent: () => undefined });
    const sender = new EnvelopeSender(capture);
    sender.body(good, { url: 'https://chatgpt.com/backend-new/feed/9f3c1b2a-0000/conversation' });
    sender.body('{}', { url: 'https://chatgpt.com/backend-new/f/conversation', contentType: 'application/json' });
    expect(capture.health()).toMatchObject({
      drift: 'suspected',
      decoded: 0,
      sightings: [{ kind: 'route', name: 'backend-new/feed/*/conversation', count: 1 }],
    });
  });

  it('keeps the outline of the first shape that it does not know', () => {
    expect(health(sse({ blocks: [{ text: SECRET }] })).sampleShape).toBe('{blocks: [1× {text: string}]}');
  });

  it('suspects drift when turns mostly say what is not known', () => {
    expect(health(good.replace('data: [DONE]', `data: {"a":1}\n\n`.repeat(20))).drift).toBe('suspected');
  });

  it('suspects nothing for a hand-off, an error, or a turn stopped before it said anything', () => {
    const handoff = sse({ type: 'stream_handoff', options: [] }) + sse('[DONE]');
    expect(health(handoff, sse({ detail: 'no' }), '').drift).toBe('none');
  });

  it('is content again once later turns decode', () => {
    expect(health(sse({ a: 1 }), good, good, good).drift).toBe('none');
  });

  it.each([
    { payload: { type: 'conversation-turn-stream-2', payload: { text: SECRET } } },
    { payload: { type: 'conversation-turn-stream', payload: { encoded_item: sse({ text: SECRET }) } } },
  ])('suspects drift on what comes on a topic: %j', ({ payload }) => {
    const capture = createCapture({ now: () => 0, onEvent: () => undefined });
    const sender = new EnvelopeSender(capture);
    sender.socket({ type: 'message', topic_id: 'conversation-turn-a', payload });
    const done = { type: 'conversation-turn-stream', payload: { type: 'done' } };
    sender.socket({ type: 'message', topic_id: 'conversation-turn-a', payload: done });
    expect(capture.health().drift).toBe('suspected');
    expect(JSON.stringify(capture.health())).not.toContain(SECRET);
  });

  it('does not mind other topics and other frames', () => {
    const capture = createCapture({ now: () => 0, onEvent: () => undefined });
    const sender = new EnvelopeSender(capture);
    sender.socket([{ type: 'message', topic_id: 'app_notifications', payload: { type: 'x' } }, { type: 'presence' }]);
    expect(capture.health()).toMatchObject({ unknownShapes: 0, drift: 'none' });
  });

  it('suspects drift when a turn is answered by something else', () => {
    const capture = createCapture({ now: () => 0, onEvent: () => undefined });
    new EnvelopeSender(capture).body('x', { contentType: 'application/octet-stream' });
    expect(capture.health()).toMatchObject({ streamsSeen: 1, decoded: 0, drift: 'suspected' });
  });
});
