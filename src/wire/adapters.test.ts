import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { adapterContract } from '../../tests/support/adapter-contract.ts';
import { siteMessage } from '../../tests/support/envelope-sender.ts';
import { exportArchive, LIVE_ADAPTERS, type AdapterId, type WireFrame } from './index.ts';
import { createSseReader } from './sse/sse-reader.ts';

const FOLDER = fileURLToPath(new URL('../../tests/fixtures/wire/', import.meta.url));
const adapters = [...LIVE_ADAPTERS, exportArchive];

const sse = (value: unknown, name = ''): WireFrame => ({ kind: 'sse', name, value, sizeUtf16: 100 });
const socket = (value: unknown): WireFrame => ({ kind: 'socket', socket: 1, direction: 'in', value });
const tree = {
  conversation_id: 'conv-1',
  title: 'A title',
  current_node: 'n',
  mapping: { r: { parent: null, message: null }, n: { parent: 'r', message: siteMessage() } },
};
const item = (id: string, text: string): WireFrame =>
  socket({
    type: 'message',
    topic_id: 'conversation-turn-a',
    payload: {
      type: 'conversation-turn-stream',
      payload: { type: 'stream-item', stream_item_id: id, encoded_item: text },
    },
  });

const SAMPLES: Readonly<Record<AdapterId, readonly WireFrame[]>> = {
  'delta-v1': [
    sse('v1', 'delta_encoding'),
    sse(
      { p: '', o: 'add', c: 0, v: { message: siteMessage({ status: 'in_progress' }), conversation_id: 'conv-1' } },
      'delta',
    ),
    sse({ p: '/message/content/text', o: 'append', v: '\nprint(2)' }, 'delta'),
    sse({ v: '\nprint(3)' }, 'delta'),
    sse({ p: '', o: 'patch', v: [{ p: '/message/status', o: 'replace', v: 'finished_successfully' }] }),
  ],
  legacy: [
    sse({ message: siteMessage({ status: 'in_progress' }), conversation_id: 'conv-1', error: null }),
    sse({ message: siteMessage(), conversation_id: 'conv-1', error: null }, 'message'),
  ],
  'socket-2026': [
    item('s1', 'event: delta_encoding\ndata: "v1"\n\n'),
    item('s2', `event: delta\ndata: ${JSON.stringify({ p: '', o: 'add', v: { message: siteMessage() } })}`),
    socket({
      type: 'conversation-update',
      payload: { conversation_id: 'conv-1', update_content: { title: 'A title' } },
    }),
    socket({ type: 'reply', reply: { type: 'subscribe', topic_id: 'conversation-turn-a', catchups: [] } }),
  ],
  'pubsub-2024': [
    socket({
      type: 'message',
      sequenceId: 1,
      data: {
        type: 'http.response.body',
        body: btoa(`data: ${JSON.stringify({ message: siteMessage(), conversation_id: 'conv-1' })}\n\n`),
        more_body: false,
        response_id: 'r',
        conversation_id: 'conv-1',
      },
    }),
  ],
  'seed-frames': [
    socket({ id: 'f1', type: 'tool_call', content: { tool_name: 'python', code: 'print(1)', tool_version: 'v1.0' } }),
    socket({ id: 'f1', type: 'tool_response', content: { tool_name: 'python', stdout: '1\n' } }),
  ],
  'history-document': [
    { kind: 'document', value: tree, conversationId: 'conv-1' },
    {
      kind: 'document',
      value: { messages: [siteMessage()], page_info: { has_previous_page: false } },
      conversationId: 'conv-1',
    },
  ],
  'export-archive': [
    { kind: 'archive', members: [{ name: 'export/conversations.json', text: JSON.stringify([tree]) }] },
  ],
};

for (const adapter of adapters) {
  const others = adapters.filter((other) => other !== adapter);
  adapterContract(
    adapter,
    SAMPLES[adapter.id],
    others.flatMap((other) => SAMPLES[other.id]),
  );
}

/** All frames of a recorded input that adapters are asked about. */
function framesOf(file: string): readonly WireFrame[] {
  const text = readFileSync(FOLDER + file, 'utf8');
  if (file.endsWith('.sse')) return framesOfBody(text);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => framesOfSocket(line));
}

function framesOfBody(text: string): readonly WireFrame[] {
  const frames: WireFrame[] = [];
  const reader = createSseReader({
    eventUtf16: 1_000_000,
    onOversized: () => undefined,
    onEvent: ({ name, text: json }) => {
      const value = parsed(json);
      if (value !== undefined) frames.push(sse(value, name));
    },
  });
  reader.readText(text);
  reader.end();
  return frames;
}

function framesOfSocket(line: string): readonly WireFrame[] {
  const frame = JSON.parse(line) as { dir: 'in' | 'out'; text?: string };
  const value = parsed(frame.text ?? '');
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((each) => ({
    kind: 'socket',
    socket: 1,
    direction: frame.dir,
    value: each,
  }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Fixtures hold broken frames on purpose; adapters never see those.
  }
}

describe('adapters together', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.in.sse') || file.endsWith('.in.ws.jsonl'));

  it.each(files)('at most one adapter recognises each frame of %s', (file) => {
    for (const frame of framesOf(file)) {
      const ids = adapters.filter((adapter) => adapter.recognise(frame)).map(({ id }) => id);
      expect(ids.length, `${JSON.stringify(frame)} by ${ids.join(', ')}`).toBeLessThanOrEqual(1);
    }
  });

  it('are named once', () => {
    expect(new Set(adapters.map(({ id }) => id)).size).toBe(adapters.length);
  });
});
