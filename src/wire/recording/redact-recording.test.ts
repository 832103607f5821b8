import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../base/index.ts';
import type { Recording, RecordedEnvelope } from '../../contracts/recording.ts';
import { redactRecording } from './index.ts';

const utf8 = new TextEncoder();
type Unplaced<T> = T extends unknown ? Omit<T, 'atMs'> : never;
const recordingOf = (...envelopes: readonly Unplaced<RecordedEnvelope>[]): Recording =>
  envelopes.map((envelope, at) => ({ ...envelope, atMs: 5_000 + at * 250 }));

const opening = (url: string, request: unknown, contentType = 'text/event-stream'): Unplaced<RecordedEnvelope> => ({
  kind: 'open',
  stream: 1,
  method: 'POST',
  url: `https://chatgpt.com${url}`,
  status: 200,
  contentType,
  retryAfter: null,
  request: request === null ? null : JSON.stringify(request),
});
const chunk = (text: string): Unplaced<RecordedEnvelope> => ({
  kind: 'chunk',
  stream: 1,
  base64: toBase64(utf8.encode(text)),
});
const end: Unplaced<RecordedEnvelope> = { kind: 'end', stream: 1, how: 'complete' };
const turn = (...texts: readonly string[]) =>
  redactRecording(recordingOf(opening('/backend-api/f/conversation', null), ...texts.map(chunk), end)).fixture.steps;
const textsIn = (steps: readonly Readonly<Record<string, unknown>>[]) =>
  steps.filter(({ step }) => step === 'chunk').map(({ text }) => text);
const delta = (frame: unknown) => `event: delta\ndata: ${JSON.stringify(frame)}\n\n`;
const message = (id: string, text: string, rest: object = {}) => ({
  message: {
    id,
    author: { role: 'assistant', name: null },
    content: { content_type: 'code', text },
    recipient: 'python',
    status: 'finished_successfully',
    ...rest,
  },
});

// Begins with two letters that no protocol word begins with.
const planted = fc.stringMatching(/^Qz[A-Za-z]{4,16}$/);

describe('a body', () => {
  it('keeps its words, its length and its cuts', () => {
    const events = delta({ p: '', o: 'add', v: message('m-long-id', 'a = 1'), c: 0 }) + delta({ v: [] });
    const pieces = textsIn(turn(events.slice(0, 9), events.slice(9, 60), events.slice(60)));
    expect(pieces.map((piece) => (piece as string).length)).toEqual([9, 51, events.length - 60]);
    expect(pieces.join('')).toContain(
      '"v":{"message":{"id":"i1","author":{"role":"assistant","name":null},"content":{"content_type":"code","text":"a a a"},"recipient":"python","status":"finished_successfully"}},"c":0}',
    );
  });

  it('cuts what had its character cut', () => {
    const bytes = utf8.encode(delta({ p: '/message/content/parts/0', o: 'append', v: 'ä€😀' }));
    const at = bytes.indexOf(0xf0) + 2;
    const pieces = [bytes.slice(0, at), bytes.slice(at)].map(
      (part): Unplaced<RecordedEnvelope> => ({ kind: 'chunk', stream: 1, base64: toBase64(part) }),
    );
    const { fixture } = redactRecording(recordingOf(opening('/backend-api/f/conversation', null), ...pieces, end));
    expect(textsIn(fixture.steps).join('')).toBe(
      'event: delta\ndata: {"p":"/message/content/parts/0","o":"append","v":"xxxx"}\n\n',
    );
  });

  it('gives each code a letter, and the result that repeats it the same', () => {
    const result = { metadata: { aggregate_result: { code: 'b = 2', status: 'success' } } };
    const steps = turn(
      delta({ p: '', o: 'add', v: message('p1', 'a = '), c: 0 }),
      delta({ p: '/message/content/text', o: 'append', v: '1' }),
      delta({ p: '', o: 'add', v: message('p2', 'b = 2'), c: 1 }),
      delta({
        v: message('r1', 'out', { author: { role: 'tool', name: 'python' }, recipient: 'all', ...result }),
        c: 2,
      }),
    );
    const all = textsIn(steps).join('');
    expect([...all.matchAll(/"(?:text|code|v)":"([^"]*)"/g)].map(([, text]) => text)).toEqual([
      'a a ',
      'a',
      'b b b',
      'xxx',
      'b b b',
    ]);
  });

  it('keeps what makes an event no JSON, and what it is not', () => {
    const odd =
      'data: {"name": "Ann\u0001"}\n\ndata: hello\n\nevent: Ann\ndata: [DONE]\n\n: Ann\nAnn: Ann\ndata: {"v":"An';
    const text = textsIn(turn(odd)).join('');
    expect(text).toBe(
      'data: {"xxxx": "xxxx"x\n\ndata: xxxxx\n\nevent: w1\ndata: [DONE]\n\n: xxx\nxxx: xxx\ndata: {"x":"xx',
    );
  });

  it('keeps fences, lines, blanks and the markers of references', () => {
    const kept = '```\n  \t~~~\r\n\uE200\uE202\uE201';
    const [text] = textsIn(turn(delta({ p: '/message/content/parts/0', o: 'append', v: kept })));
    expect(JSON.parse((text as string).slice('event: delta\ndata: '.length))).toMatchObject({ v: kept });
  });
});

describe('a recording', () => {
  it('moves times together and says how much it holds', () => {
    const document = { create_time: 1_764_000_000.5, update_time: 1_764_000_007.5, size: 48_213, index: 7 };
    const redacted = redactRecording(
      recordingOf(
        opening('/backend-api/conversation/abc?offset=0&cursor=Ann', null, 'application/json'),
        chunk(JSON.stringify(document)),
        end,
        { kind: 'socket', direction: 'in', text: JSON.stringify([{ type: 'message', offset: '1764000000123-4' }]) },
      ),
    );
    expect(redacted).toMatchObject({ messageCount: 0, frameCount: 2, durationMs: 750 });
    expect(redacted.fixture.steps).toMatchObject([
      { atMs: 0, step: 'open', url: '/backend-api/conversation/i1?offset=0&cursor=i2' },
      {
        atMs: 250,
        step: 'chunk',
        json: { create_time: 1_790_000_000.5, update_time: 1_790_000_007.5, size: 1, index: 7 },
      },
      { atMs: 500, step: 'end' },
      { atMs: 750, step: 'ws', dir: 'in', json: [{ type: 'message', offset: '1790000000123-4' }] },
    ]);
  });

  it('leaves out bodies whose begin is gone', () => {
    const { fixture, frameCount } = redactRecording(recordingOf(chunk(delta({ v: 'x' })), end));
    expect([fixture.steps, frameCount]).toEqual([[], 0]);
  });

  it('of nothing is empty', () => {
    expect(redactRecording([])).toMatchObject({
      fixture: { steps: [] },
      messageCount: 0,
      frameCount: 0,
      durationMs: 0,
    });
  });
});

describe('no value of the person', () => {
  it('is in what is written, wherever it stood', () => {
    fc.assert(
      fc.property(
        planted,
        planted,
        planted,
        planted,
        fc.integer({ min: 1, max: 40 }),
        (word, id, secret, name, size) => {
          const inside = {
            ...message(id, `print("${word}")`, {
              metadata: { attachments: [{ id: `file-${id}`, name: `${name}.pdf` }] },
            }),
            conversation_id: id,
            title: word,
            [`${word} ${name}`]: word,
            url: `https://${word}.org/${name}?sig=${secret}#${name}`,
            pointer: `sediment://file_${id}#${name}`,
            token: secret,
            accessToken: `eyJ${secret}.eyJ${secret}.${secret}`,
            status: `${word}_${name}`,
            [name]: word,
            reason: `Max ${word}`,
            sandbox: `sandbox:/mnt/data/${name}`,
            chatgpt_sdk: {
              widget_state: JSON.stringify({ report_message: { content: { parts: [word] } }, [id]: name }),
            },
            created_at: `2026-01-01T${word}`,
          };
          const body =
            `event: ${word}\ndata: ${JSON.stringify(inside)}\n\n: ${secret}\n${name}: ${word}\n` +
            delta({ p: `/message/metadata/${word}~1${name} x`, o: word, v: { [`${id} 1`]: inside } }) +
            delta({ p: '', o: 'add', v: inside, c: 0 }) +
            delta({ p: '/message/content/text', o: 'append', v: word }) +
            `data: {"v": "${word}`;
          const pieces = body.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
          const item = { type: 'stream-item', turn_id: id, stream_item_id: id, encoded_item: body };
          const frame = {
            type: 'message',
            topic_id: `conversation-turn-${id}`,
            offset: word,
            payload: { type: 'conversation-turn-stream', payload: item },
          };
          const group = {
            type: 'message',
            sequenceId: 1,
            data: { type: 'http.response.body', body: toBase64(utf8.encode(body)), response_id: id },
          };
          const { fixture } = redactRecording(
            recordingOf(
              opening(`/backend-api/f/conversation/${id}?${word}=${name}`, inside),
              ...pieces.map(chunk),
              end,
              opening(`/backend-api/conversation/${id}`, word, `application/${word}`),
              chunk(JSON.stringify({ mapping: { [id]: { id, message: inside.message } }, [id]: word })),
              end,
              { kind: 'socket', direction: 'in', text: JSON.stringify([frame, group, inside]) },
              { kind: 'socket', direction: 'out', base64: toBase64(utf8.encode(JSON.stringify(frame))) },
              { kind: 'socket', direction: 'in', text: `{"${word}": ${name}` },
            ),
          );
          const written = JSON.stringify(fixture);
          const bodies = fixture.steps.flatMap(({ json }) => [
            ...JSON.stringify(json ?? null).matchAll(/"body":"([^"]*)"/g),
          ]);
          const shown = [
            written,
            ...bodies.map(([, base64]) => atob(base64 ?? '')),
            ...fixture.steps.map(({ b64 }) => atob(String(b64 ?? ''))),
          ];
          for (const value of [word, id, secret, name])
            expect(shown.filter((text) => text.includes(value))).toEqual([]);
        },
      ),
    );
  });
});

describe('JSON that a message holds as text', () => {
  const at = '/message/metadata/chatgpt_sdk/widget_state';
  const holding = (state: string) =>
    message('m', '', {
      content: { content_type: 'text', parts: [''] },
      metadata: { chatgpt_sdk: { widget_state: state } },
    });
  const statesIn = (...frames: readonly unknown[]): readonly string[] =>
    [
      ...textsIn(turn(...frames.map(delta)))
        .join('')
        .matchAll(/"(?:widget_state|v)":("(?:[^"\\]|\\.)*")/g),
    ].map(([, text]) => JSON.parse(text ?? '') as string);

  it.each([
    ['Anna lives in Berlin and has diabetes', 'xxxx xxxxx xx xxxxxx xxx xxx xxxxxxxx'],
    ["{'name': 'Anna'}", '{xxxxxxx xxxxxxx'],
    ['{"role": "assistant", "name": "Anna", Anna: 1}', '{"role": "assistant", "name": "xxxx", xxxxx xx'],
    ['"parts": ["Anna"]', '"xxxxx"x xxxxxxxx'],
    [
      '{"anna_schmidt": {"source": "Anna Lee", "n1": -4.5e7}}',
      '{"xxxxxxxxxxxx": {"source": "xxxx xxx", "xx": -1.1e1}}',
    ],
    ['[true, null, tru', '[true, null, tru'],
    ['[truth, 012]', '[xxxxxx xxxx'],
    ['{"body": "\\u00c4nn\\n\\u0060\\u00e', '{"body": "\\u0078xx\\n\\u0060\\u000'],
  ])('is masked as JSON only as far as it is: %s', (state, shown) => {
    expect(statesIn({ p: '', o: 'add', v: holding(state), c: 0 })).toEqual([shown]);
  });

  it('is any text where its begin is not known', () => {
    expect(statesIn({ p: at, o: 'append', v: '{"role": "user"' })).toEqual(['xxxxxxxx xxxxxx']);
  });

  it('fits together again after the appends of a patch', () => {
    const patch = [
      { p: '/widget_state', o: 'append', v: 'nt": {"parts": ["An' },
      { p: '/widget_state', o: 'append', v: 'na"]}}' },
    ];
    const frames = [
      { p: '', o: 'add', v: holding('{"conte'), c: 0 },
      { p: '/message/metadata/chatgpt_sdk', o: 'patch', v: patch },
    ];
    expect(statesIn(...frames).join('')).toBe('{"content": {"parts": ["xxxx"]}}');
  });

  it('is any text in a patch that does not lead to what the message holds', () => {
    const patch = [
      { p: '/widget_state', o: 'append', v: '{"role": "Anna' },
      { p: '', o: 'replace', v: { widget_state: '' } },
    ];
    const frames = [
      { p: '', o: 'add', v: holding(''), c: 0 },
      { p: '/message/metadata/chatgpt_sdk', o: 'patch', v: patch },
    ];
    expect(statesIn(...frames)).toEqual(['', 'xxxxxxxx xxxxx', '']);
  });

  it('says no word of a person, however it is cut and whatever of it is missing', () => {
    const cut = fc.array(fc.nat({ max: 60 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        planted,
        cut,
        fc.nat({ max: 4 }),
        fc.boolean(),
        fc.nat({ max: 7 }),
        (word, cuts, missing, isPatch, kind) => {
          const json = { role: word, content: { parts: [word, `${word} ${word}`] }, [word]: [word], source: word };
          const texts = [JSON.stringify(json), word, `{'${word}': ${word}}`, `"${word}" ${word}`, `${word}": "${word}`];
          const state = texts[kind % texts.length] ?? '';
          const places = [0, ...cuts.filter((place) => place < state.length).sort((a, b) => a - b), state.length];
          // Single letters are no words: what is shown is looked at as it fits together.
          const writes = places.slice(1).map((to, nth) => ({ p: at, o: 'append', v: state.slice(places[nth], to) }));
          const rest = isPatch ? [{ p: '', o: 'patch', v: writes }] : writes;
          const frames = [{ p: '', o: 'add', v: holding(''), c: 0 }, ...rest].slice(missing);
          expect(statesIn(...frames).join('')).not.toContain(word.slice(0, 3));
          const whole = statesIn({ p: '', o: 'add', v: holding(state), c: 0 }, { p: at, o: 'replace', v: state });
          expect(whole.join('')).not.toContain(word.slice(0, 3));
        },
      ),
    );
  });
});

describe('names in fields of the protocol', () => {
  const shownOf = (fields: object): unknown => {
    const [text] = textsIn(turn(`data: ${JSON.stringify(fields)}\n\n`));
    return JSON.parse((text as string).slice('data: '.length));
  };

  it.each([
    ['reason', '192.168.178.25', 'w1.w2.w3.w4'],
    ['from', '555-123-456', 'w1'],
    ['from', '12-34', 'w1'],
    ['from', 'group', 'group'],
    ['from', 'max', 'w1'],
    ['source', '/private/max', 'w1'],
    ['reason', '/private/max', 'w1'],
    ['reason', '~/private/max', 'w1'],
    ['mode', 'text/html', 'text/html'],
    ['from', '42', 'w1'],
    ['source', 'Max Black', 'w1'],
    ['source', 'Max', 'w1'],
    ['source', 'network error', 'w1'],
    ['model', 'gpt-5', 'gpt-5'],
    ['model', 'gpt-5-anna', 'gpt-w1-w2'],
    ['status', 'finished_successfully', 'finished_successfully'],
  ])('are replaced: %s %s', (key, value, shown) => {
    expect(shownOf({ [key]: value })).toEqual({ [key]: shown });
  });

  it.each([
    ['max', 'w1'],
    ['private.max', 'w1'],
    ['/private/max', 'w1'],
    ['python_user_visible', 'python_user_visible'],
    ['web.run', 'web.run'],
    ['api_tool.Anna', 'api_tool.w1'],
    ['Anna.jupyter', 'w1_jupyter'],
  ])('are replaced where they are of who wrote a message: %s', (name, shown) => {
    expect(shownOf({ author: { role: 'tool', name } })).toEqual({ author: { role: 'tool', name: shown } });
  });

  it.each([
    ['recipient', 'pyodide.run', 'pyodide.run'],
    ['recipient', 'codeinterpreter', 'codeinterpreter'],
    ['recipient', 'Jupyter.for_Anna', 'w1.for_w2_jupyter'],
    ['recipient', 'annaCode_Interpreter', 'w1_w2_codeinterpreter'],
    ['recipient', 'Python of Anna', 'w1_python'],
    ['recipient', 'pythonista', 'w1'],
  ])('keep what speaks of Python: %s %s', (key, value, shown) => {
    expect(shownOf({ [key]: value })).toEqual({ [key]: shown });
  });

  it('are replaced where they are keys, the same in a path', () => {
    expect(shownOf({ anna_schmidt: 1, annaSchmidt: 1, current_node: null, time_limit: 1, accessToken: 'a' })).toEqual({
      k1__________: 1,
      k2_________: 1,
      current_node: null,
      time_limit: 1,
      accessToken: 'redacted',
    });
    const frames = [
      { p: '/message/metadata', o: 'add', v: { anna_schmidt: 'Anna' } },
      { p: '/message/metadata/anna_schmidt', o: 'append', v: 'Anna' },
    ];
    const text = textsIn(turn(...frames.map(delta))).join('');
    expect(text).toContain('{"k1__________":"xxxx"}');
    expect(text).toContain('"/message/metadata/k1__________"');
  });
});
