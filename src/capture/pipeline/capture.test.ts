import { describe, expect, it } from 'vitest';
import {
  ENCODING,
  EnvelopeSender,
  rootFrame,
  siteMessage,
  sse,
  type MessageFacts,
} from '../../../tests/support/envelope-sender.ts';
import type { CaptureEvent } from '../../contracts/capture.ts';
import type { WireLimits } from '../../wire/index.ts';
import { createCapture } from './index.ts';

function setUp(limits: Partial<WireLimits> = {}, clock = { nowMs: 0 }) {
  const events: CaptureEvent[] = [];
  const capture = createCapture({ limits, now: () => clock.nowMs, onEvent: (event) => events.push(event) });
  const of = <Kind extends CaptureEvent['kind']>(kind: Kind) =>
    events.filter((event): event is Extract<CaptureEvent, { kind: Kind }> => event.kind === kind);
  return { capture, events, of, sender: new EnvelopeSender(capture), clock };
}

const call = (facts: MessageFacts = {}): string => rootFrame(siteMessage(facts));
const finish = sse({ p: '/message/status', o: 'replace', v: 'finished_successfully' }, 'delta');

describe('createCapture', () => {
  it('tells of a call while it is written, then offers it once, after its message', () => {
    const { sender, events, of } = setUp();
    const stream = sender.open();
    sender.chunk(stream, ENCODING + call({ status: 'in_progress', text: '' }));
    sender.chunk(stream, sse({ p: '/message/content/text', o: 'append', v: 'print(2)' }, 'delta'));
    sender.chunk(stream, finish + finish + sse('[DONE]'));
    sender.end(stream);
    expect(of('call-forming')).toHaveLength(1);
    expect(of('call')).toMatchObject([{ code: 'print(2)', auto: true, thinking: false, language: 'python' }]);
    const offered = events.findIndex(({ kind }) => kind === 'call');
    expect(events[offered - 1]).toMatchObject({ kind: 'message', message: { status: 'finished_successfully' } });
  });

  it('says that a call belongs to a thinking turn', () => {
    const { sender, of } = setUp();
    sender.body(ENCODING + rootFrame({ ...siteMessage(), metadata: { reasoning_status: 'is_reasoning' } }));
    sender.body(ENCODING + rootFrame({ ...siteMessage({ id: 'call-2' }), channel: 'analysis' }));
    sender.body(ENCODING + call({ id: 'call-3' }));
    expect(of('call').map(({ thinking }) => thinking)).toStrictEqual([true, true, false]);
  });

  it('tells of a turn with its conversation and the message that asked', () => {
    const { sender, of } = setUp();
    sender.body(ENCODING + call() + sse('[DONE]'), { request: { messages: [{ id: 'user-1' }] } });
    expect(of('turn').at(-1)).toStrictEqual({
      kind: 'turn',
      stream: 'http:1',
      source: 'http:1',
      state: 'complete',
      conversationId: 'conv-1',
      userMessageId: 'user-1',
    });
  });

  it('names a message again when its conversation becomes known, and does not offer its call again', () => {
    const { sender, of } = setUp();
    sender.body(ENCODING + rootFrame(siteMessage(), 0, null) + rootFrame(siteMessage(), 1));
    expect(of('conversation-id-known')).toMatchObject([{ previousKey: '|call-1', key: 'conv-1|call-1' }]);
    expect(of('call')).toHaveLength(1);
  });

  it('refuses a call of which frames may be missing, and offers a whole copy of it later', () => {
    const { sender, of, capture } = setUp();
    sender.body(ENCODING + call({ status: 'in_progress' }) + sse('{broken', 'delta') + finish);
    expect(of('call-refused')).toMatchObject([{ reason: 'incomplete' }]);
    expect(of('call')).toHaveLength(0);
    sender.body(ENCODING + call());
    expect(of('call')).toHaveLength(1);
    expect(capture.health().problems).toStrictEqual({ bad_json: 1, run_refused_incomplete: 1 });
  });

  it('refuses a call when envelopes were lost on the way', () => {
    const { sender, of } = setUp();
    const stream = sender.open();
    sender.chunk(stream, ENCODING + call({ status: 'in_progress' }));
    sender.lose(1);
    sender.chunk(stream, finish);
    expect(of('call-refused')).toMatchObject([{ reason: 'incomplete' }]);
  });

  it('does not let a lost piece join two halves into a call that nobody sent', () => {
    const { sender, of } = setUp({ frameBytes: 2_000 });
    const stream = sender.open();
    const [head, tail] = call({ text: 'print(1);CUT;print(2)' }).split('CUT;');
    sender.chunk(stream, ENCODING + (head ?? ''));
    sender.chunk(stream, 'x'.repeat(3_000));
    sender.chunk(stream, tail ?? '');
    sender.chunk(stream, call({ id: 'call-2' }));
    sender.end(stream);
    expect(of('call').map(({ messageId }) => messageId)).toStrictEqual(['call-2']);
  });

  it('refuses a call when the page hook says that it passed something by', () => {
    const { sender, of, capture } = setUp();
    const stream = sender.open();
    sender.chunk(stream, ENCODING + call({ status: 'in_progress' }));
    sender.send({ kind: 'health', counts: { streams: 1, oversized: 1, errors: 0 } });
    sender.chunk(stream, finish);
    expect(of('call-refused')).toMatchObject([{ reason: 'incomplete' }]);
    expect(capture.health().problems).toMatchObject({ hook_oversized: 1 });
    sender.send({ kind: 'health', counts: { streams: 1, oversized: 1, errors: 0 } });
    sender.chunk(stream, call({ id: 'call-2' }));
    expect(of('call')).toHaveLength(1);
  });

  it('shows a call above the size limit, and does not offer it', () => {
    const { sender, of } = setUp({ codeUtf16: 5 });
    sender.body(ENCODING + call());
    sender.socket({ id: 'f', type: 'tool_call', content: { tool_name: 'python', code: 'print(1)' } });
    expect(of('call-refused').map(({ reason }) => reason)).toStrictEqual(['too-large', 'too-large']);
    expect(of('call')).toHaveLength(0);
    expect(of('message')).toHaveLength(1);
  });

  it('keeps the text of a finished message when its document goes on', () => {
    const { sender, of } = setUp();
    const back = sse({ p: '/message/status', o: 'replace', v: 'in_progress' }, 'delta');
    sender.body(ENCODING + call() + back + sse({ p: '/message/content/text', o: 'append', v: 'print(2)' }, 'delta'));
    expect(of('message').at(-1)?.message.text).toBe('print(1)');
  });

  it.each(['shell', 'ide'])('hands a command of %s over for a shell', (tool) => {
    const { sender, of } = setUp();
    sender.socket({ id: 'f1', type: 'tool_call', content: { tool_name: tool, command: 'ls', cwd: '/tmp' } });
    expect(of('call')).toMatchObject([{ tool, language: 'shell', code: 'ls', workingDirectory: '/tmp', auto: true }]);
  });

  it('hands a seed frame over with its environment', () => {
    const { sender, of } = setUp();
    const content = { tool_name: 'python', code: 'print(1)', environment: { A: '1' } };
    sender.socket([{ id: 'f1', type: 'tool_call', conversation_id: 'c', content }]);
    expect(of('call')).toMatchObject([
      { key: 'seed:f1', version: 'generic', seedFrame: { id: 'f1', socket: 1, environment: { A: '1' } } },
    ]);
  });

  it('says which frames the page itself sent, and joins none of which a part came from the page', () => {
    const { sender, of } = setUp();
    const frame = (id: string) => ({ id, type: 'tool_call', content: { tool_name: 'python', code: 'print(1)' } });
    sender.socket(frame('theirs'));
    sender.socket(frame('own'), 'out');
    const part = (index: number) => ({
      ...frame('mixed'),
      fragmented: true,
      total_fragments: 2,
      fragment_index: index,
    });
    sender.socket(part(0), 'out');
    sender.socket(part(1));
    expect(of('call').map(({ seedFrame }) => [seedFrame?.id, seedFrame?.direction])).toStrictEqual([
      ['theirs', 'in'],
      ['own', 'out'],
    ]);
  });

  it('gives up fragments that stay incomplete', () => {
    const { sender, of, capture, clock } = setUp({ fragmentWaitMs: 1_000 });
    const part = (index: number, code: string) =>
      sender.socket({
        id: 'f',
        type: 'tool_call',
        fragmented: true,
        total_fragments: 2,
        fragment_index: index,
        content: { tool_name: 'python', code },
      });
    part(1, ')');
    clock.nowMs = 2_000;
    part(0, 'print(');
    expect(of('call')).toHaveLength(0);
    expect(capture.health().problems).toStrictEqual({ fragment_timeout: 1 });
    part(1, ')');
    expect(of('call')).toMatchObject([{ code: 'print()' }]);
  });

  it('goes on after a listener fails', () => {
    const seen: string[] = [];
    const capture = createCapture({
      now: () => 0,
      onEvent: ({ kind }) => {
        seen.push(kind);
        throw new Error('listener');
      },
    });
    new EnvelopeSender(capture).body(ENCODING + call());
    expect(seen).toContain('call');
    expect(capture.health().problems).toHaveProperty('listener_failed');
  });

  it('counts what comes from elsewhere', () => {
    const { capture, sender } = setUp();
    sender.body(ENCODING + call(), { url: 'https://evil.test/backend-api/f/conversation' });
    expect(capture.health()).toMatchObject({ streamsSeen: 0, problems: { foreign_origin: 1 } });
    expect(capture.health().log[0]).toContain('foreign_origin');
  });

  it('reads a stored conversation without ever offering its calls', () => {
    const { sender, of } = setUp();
    sender.body(JSON.stringify({ messages: [siteMessage()] }), {
      method: 'GET',
      url: 'https://chatgpt.com/backend-api/conversations/conv-9?num_turns=10',
      contentType: 'application/json',
    });
    expect(of('message')).toMatchObject([{ message: { conversationId: 'conv-9' } }]);
    expect(of('call')).toHaveLength(0);
  });

  it('says of a stored message that it belongs to the thinking, by either mark', () => {
    const { sender, of } = setUp();
    const messages = [
      { ...siteMessage({ id: 'a' }), metadata: { reasoning_status: 'is_reasoning' } },
      { ...siteMessage({ id: 'b' }), channel: 'analysis' },
      { ...siteMessage({ id: 'c' }), channel: 'commentary' },
    ];
    sender.body(JSON.stringify({ messages }), {
      method: 'GET',
      url: 'https://chatgpt.com/backend-api/conversations/conv-9?num_turns=10',
      contentType: 'application/json',
    });
    expect(of('message').map(({ message }) => message.isThinking)).toStrictEqual([true, true, false]);
  });
});

describe('the text of a message', () => {
  it('is what it says by now, under whatever conversation it was taken last', () => {
    const { capture, sender } = setUp();
    const stream = sender.open();
    sender.chunk(stream, ENCODING + call({ status: 'in_progress', text: 'print(' }));
    expect(capture.textOf('call-1')).toStrictEqual({ text: 'print(', isFinished: false, isAnswer: false });
    sender.chunk(stream, sse({ p: '/message/content/text', o: 'append', v: '2)' }, 'delta'));
    expect(capture.textOf('call-1')?.text).toBe('print(2)');
    sender.body(ENCODING + rootFrame(siteMessage({ text: 'print(3)' }), 0, 'branch'));
    expect(capture.textOf('call-1')).toMatchObject({ text: 'print(3)', isFinished: true });
    expect(capture.textOf('call-2')).toBeNull();
  });
});

describe('the history of a conversation with branches', () => {
  const answer = (text: string, facts: object = {}) => ({
    ...siteMessage({ recipient: 'all', contentType: 'text', text }),
    ...facts,
  });
  const node = (id: string, parent: string | null, message: object | null) => ({
    [id]: { id, parent, message: message && { ...message, id } },
  });
  const tree = (current: string, ...nodes: readonly object[]) => ({
    conversation_id: 'conv-1',
    current_node: current,
    mapping: Object.assign({}, ...nodes) as object,
  });
  const url = 'https://chatgpt.com/backend-api/conversation/conv-1';
  const branches = tree(
    'again',
    node('root', null, null),
    node('asked', 'root', siteMessage({ role: 'user', contentType: 'text', text: 'How many pears?' })),
    node('first', 'asked', answer('Four pears.')),
    node('again', 'asked', answer('Five pears.')),
    node('edited', 'root', siteMessage({ role: 'user', contentType: 'text', text: 'How many plums?' })),
    node('ran', 'edited', siteMessage({ text: 'print(6)' })),
    node('told', 'ran', answer('Six plums.')),
    node('odd', 'told', answer('No fruit.', { metadata: { constructor: 1 } })),
  );

  it('knows what every answer says, on whatever branch, and tells of those on the current one', () => {
    const { capture, sender, of } = setUp();
    sender.body(JSON.stringify(branches), { method: 'GET', url, contentType: 'application/json' });
    expect(['first', 'again', 'told'].map((id) => capture.textOf(id))).toStrictEqual(
      ['Four pears.', 'Five pears.', 'Six plums.'].map((text) => ({ text, isFinished: true, isAnswer: true })),
    );
    expect(of('message').map(({ message }) => message.messageId)).toStrictEqual(['asked', 'again']);
  });

  it('offers no call of another branch, and keeps neither calls nor messages with forbidden keys', () => {
    const { capture, sender, of } = setUp();
    sender.body(JSON.stringify(branches), { method: 'GET', url, contentType: 'application/json' });
    expect([...of('call'), ...of('call-forming')]).toHaveLength(0);
    expect(['ran', 'edited', 'odd'].map((id) => capture.textOf(id))).toStrictEqual([null, null, null]);
    expect(capture.health().problems).toStrictEqual({});
  });

  it('has the whole of an answer whose stream was cut', () => {
    const { capture, sender } = setUp();
    sender.body(ENCODING + rootFrame({ ...answer('Four', { status: 'in_progress' }), id: 'first' }));
    expect(capture.textOf('first')).toMatchObject({ text: 'Four', isFinished: false });
    sender.body(JSON.stringify(branches), { method: 'GET', url, contentType: 'application/json' });
    expect(capture.textOf('first')).toMatchObject({ text: 'Four pears.', isFinished: true });
  });
});

describe('envelopes that came together', () => {
  it('tell of a message once, with what it says then, and of a call after its message', () => {
    const events: CaptureEvent[] = [];
    const capture = createCapture({ now: () => 0, onEvent: (event) => events.push(event) });
    const sender = new EnvelopeSender({ ...capture, accept: (envelope) => capture.acceptPart(envelope) });
    const stream = sender.open();
    sender.chunk(stream, ENCODING + call({ status: 'in_progress', text: '' }));
    for (const text of ['print', '(', '3)'])
      sender.chunk(stream, sse({ p: '/message/content/text', o: 'append', v: text }, 'delta'));
    const messages = () => events.flatMap((event) => (event.kind === 'message' ? [event.message.text] : []));
    const before = messages().length;
    expect(messages()).not.toContain('print(3)');
    capture.flush();
    expect(messages().slice(before)).toEqual(['print(3)']);
    capture.flush();
    expect(messages()).toHaveLength(before + 1);
    sender.chunk(stream, finish + sse('[DONE]'));
    const offered = events.findIndex(({ kind }) => kind === 'call');
    expect(events[offered - 1]).toMatchObject({ kind: 'message', message: { status: 'finished_successfully' } });
  });
});
