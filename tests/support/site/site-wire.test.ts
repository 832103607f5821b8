import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { decodeInput } from '../../../tools/decode/decode-input.ts';
import { defaultOptions, findScene, scenes, type Site, startSite } from './index.ts';

interface Decoded {
  readonly runs: readonly { readonly adapter: string; readonly code: string; readonly auto: boolean }[];
  readonly turns: readonly { readonly state: string }[];
}

const options = { limits: {}, cutting: null };
let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(async () => {
  await site.close();
});

async function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; bytes: Buffer }> {
  return await new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: site.port,
        method: 'POST',
        path,
        rejectUnauthorized: false,
        headers: { host: 'chatgpt.com', ...headers },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, bytes: Buffer.concat(parts) });
        });
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

const question = (text: string): unknown => ({
  action: 'next',
  messages: [{ id: crypto.randomUUID(), content: { parts: [text] } }],
  parent_message_id: 'client-created-root',
});

describe('the wire of the stand-in', () => {
  it.each(scenes.map((scene) => [scene.name] as const))(
    'carries the Python calls of "%s" as the site would',
    async (name) => {
      site.set({ ...defaultOptions, speed: 'burst' });
      site.scene(name);
      const { bytes } = await post('/backend-api/f/conversation', question('go'));
      const decoded = decodeInput('sse', new Uint8Array(bytes), options) as Decoded;
      const scene = findScene(name);
      const calls = scene.steps.filter((step) => step.kind === 'call').map((step) => step.code);
      // Compared by beginning and length: a difference in a mebibyte is not worth printing.
      const short = (code: string): string => `${code.slice(0, 80)}… ${code.length}`;
      expect(decoded.runs.map((run) => short(run.code))).toEqual(scene.shape === 'drifted' ? [] : calls.map(short));
      expect(decoded.runs.every((run) => run.auto)).toBe(true);
    },
  );

  it.each(['delta', 'unnamed', 'legacy', 'crlf', 'items'] as const)(
    'says the same in the shape %s, whole and appended',
    async (shape) => {
      for (const callForm of ['whole', 'appended'] as const) {
        site.set({ ...defaultOptions, shape, callForm, speed: 'quick' });
        site.scene('two calls at once');
        const { bytes } = await post('/backend-api/f/conversation', question('go'));
        const decoded = decodeInput('sse', new Uint8Array(bytes), options) as Decoded;
        expect(decoded.runs).toHaveLength(2);
        expect(decoded.turns.map((turn) => turn.state)).toEqual(['complete']);
      }
    },
  );

  it('hands a turn to the socket with overlapping catch-ups', async () => {
    site.set({ ...defaultOptions, transport: 'socket' });
    site.scene('hello');
    const { bytes } = await post('/backend-api/f/conversation', question('go'));
    const topic = /"topic_id":"(conversation-turn-[^"]+)"/.exec(bytes.toString())?.[1];
    const socket = new WebSocket(`wss://127.0.0.1:${site.port}/p3/ws/user/u?verify=x`, { rejectUnauthorized: false });
    const lines: string[] = [];
    await new Promise<void>((resolve) => {
      socket.on('open', () => {
        const text = JSON.stringify([{ id: 1, command: { type: 'subscribe', topic_id: topic, offset: '0' } }]);
        lines.push(JSON.stringify({ dir: 'out', text }));
        socket.send(text);
      });
      socket.on('message', (frame: Buffer) => {
        lines.push(JSON.stringify({ dir: 'in', text: frame.toString() }));
        if (frame.toString().includes('"type":"done"')) resolve();
      });
    });
    socket.close();
    const decoded = decodeInput('ws', new TextEncoder().encode(lines.join('\n')), options) as Decoded;
    expect(decoded.runs.filter((run) => run.adapter === 'chatgpt')).toHaveLength(1);
    expect(decoded.turns.map((turn) => turn.state)).toEqual(['complete']);
  });

  it.each(['/backend-api/f/conversation', '/backend-alt/f/conversation', '/backend-api/feed/card/card-1/conversation'])(
    'answers a turn at %s',
    async (path) => {
      site.set({ ...defaultOptions, callRecipient: 'python.exec' });
      site.scene('second result');
      const { status, bytes } = await post(path, question('go'));
      expect(status).toBe(200);
      expect(bytes.toString()).toContain('"recipient":"python.exec"');
      expect(bytes.toString().match(/"content_type":"execution_output"/gu)).toHaveLength(2);
      const decoded = decodeInput('sse', new Uint8Array(bytes), options) as Decoded;
      expect(decoded.runs).toHaveLength(1);
    },
  );

  it('goes on where a topic stalled when the page asks by how many items it has', async () => {
    site.set({ ...defaultOptions, transport: 'stall-then-resume', topicName: 'conv-turn-low-ttl', speed: 'quick' });
    site.scene('chart');
    const { bytes } = await post('/backend-api/f/conversation', question('go'));
    const topic = /"topic_id":"(conv-turn-low-ttl-[^"]+)"/.exec(bytes.toString())?.[1];
    const socket = new WebSocket(`wss://127.0.0.1:${site.port}/p3/ws/user/u?verify=x`, { rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('open', resolve));
    const items = new Map<string, string>();
    const isStalled = new Promise<void>((resolve) => {
      socket.on('message', (frame: Buffer) => {
        for (const [, item = '', id = ''] of frame
          .toString()
          .matchAll(/"encoded_item":("(?:[^"\\]|\\.)*"),"stream_item_id":"([^"]+)"/gu)) {
          items.set(id, JSON.parse(item) as string);
          if ([...items.values()].some((text) => text.includes('recipient":"python'))) resolve();
        }
      });
    });
    socket.send(JSON.stringify([{ id: 1, command: { type: 'subscribe', topic_id: topic, offset: '0' } }]));
    await isStalled;
    socket.close();
    const conversation_id = /"conversation_id":"([^"]+)"/.exec(bytes.toString())?.[1];
    const rest = await post('/backend-api/f/conversation/resume', { conversation_id, offset: items.size });
    const whole = [...items.values()].join('') + rest.bytes.toString();
    expect(rest.bytes.toString(), 'nothing comes twice').not.toContain('delta_encoding');
    const decoded = decodeInput('sse', new TextEncoder().encode(whole), options) as Decoded;
    expect(decoded.runs).toHaveLength(1);
  });

  it('sends a seed frame and keeps the answer', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${site.port}/p3/ws/user/u?verify=x`, { rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('open', resolve));
    const received = new Promise<string>((resolve) => {
      socket.on('message', (frame: Buffer) => {
        resolve(frame.toString());
      });
    });
    site.seed({ id: 's1', type: 'tool_call', content: { tool_name: 'python', code: 'print(1)' } });
    expect(JSON.parse(await received)).toMatchObject({ id: 's1', type: 'tool_call' });
    socket.send(JSON.stringify({ id: 's1', type: 'tool_response', content: { stdout: '1\n' } }));
    expect(await site.until(() => site.responses[0])).toMatchObject({ type: 'tool_response' });
    socket.close();
  });

  it('lets only the test runner through to its controls', async () => {
    expect((await post('/__test/scene', { name: 'chart' })).status).toBe(403);
    expect((await post('/__test/scene', { name: 'hello' }, { 'x-stand-in-token': site.controlToken })).status).toBe(
      200,
    );
  });
});
