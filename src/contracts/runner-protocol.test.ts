import { describe, expect, test } from 'vitest';
import { fromWorkerSchema } from './runner-protocol.ts';

const accepts = (message: unknown): boolean => fromWorkerSchema.safeParse(message).success;
const web = (news: unknown) => ({ kind: 'web', id: 1, news });
const ANSWER = { kind: 'response', status: 200, statusText: 'OK', headers: [['a', 'b']], body: new Uint8Array(1) };
const HEAD = { kind: 'head', status: 200, statusText: 'OK', headers: [['a', 'b']] };
const event = (inner: unknown) => ({ kind: 'event', run: 1, event: inner });

describe('messages of a worker', () => {
  test.each([
    ['output', event({ kind: 'output', stream: 'stdout', text: 'x' })],
    [
      'a file change',
      event({
        kind: 'fileOut',
        change: { op: 'write', path: 'a', position: 0, bytes: new Uint8Array(3), truncateTo: null },
      }),
    ],
    ['an answer of a server', web(ANSWER)],
    ['the head of one that comes in pieces', web(HEAD)],
    ['a result', { kind: 'result', run: 1, result: '1', isStopped: false, limit: null, memoryBytes: 1 }],
  ])('%s is taken', (_name, message) => expect(accepts(message)).toBe(true));

  test.each([
    ['no object', 'result'],
    ['an unknown kind', { kind: 'allow', everything: true }],
    ['an extra key', { ...event({ kind: 'completed', exitCode: 0 }), admin: true }],
    ['a head with a line in a header', web({ ...HEAD, headers: [['a', 'b\r\nc: d']] })],
    ['a head that is no answer yet', web({ ...HEAD, status: 101 })],
    ['a head with a body', web({ ...HEAD, body: new Uint8Array(1) })],
    ['an unknown error code', event({ kind: 'limit', code: 'made/up' })],
    ['a stream of its own', event({ kind: 'output', stream: 'console', text: 'x' })],
    [
      'a media type with markup',
      event({ kind: 'display', data: { 'text/html"><script>': 'x' }, table: null, artifact: null }),
    ],
    [
      'bytes that are none',
      event({ kind: 'fileOut', change: { op: 'write', path: 'a', position: 0, bytes: 'abc', truncateTo: null } }),
    ],
    ['an answer of a server with a line break in it', web({ ...ANSWER, headers: [['a', 'b\r\nc: d']] })],
    ['one with a line break in its status', web({ ...ANSWER, statusText: 'OK\n' })],
    ['one with a name that is none', web({ ...ANSWER, headers: [['A b', 'c']] })],
    ['one without an end of headers', web({ ...ANSWER, headers: Array(1_001).fill(['a', 'b']) })],
    ['one with a header that is too long', web({ ...ANSWER, headers: [['a', 'b'.repeat(70_000)]] })],
    ['one that is too large', web({ ...ANSWER, body: new Uint8Array(17 * 1024 * 1024) })],
    ['one of another status', web({ ...ANSWER, status: 101 })],
    ['a port that is none', web({ kind: 'servers', ports: [65_536] })],
    ['a failure of another part', web({ kind: 'failed', code: 'host/lost', detail: null })],
    ['a message of a websocket that is too large', web({ kind: 'bytes', bytes: new Uint8Array(5 * 1024 * 1024) })],
    ['a negative run', { ...event({ kind: 'completed', exitCode: 0 }), run: -1 }],
    ['a path without end', event({ kind: 'fileOut', change: { op: 'remove', path: 'a'.repeat(5000) } })],
    [
      'a table wider than is shown',
      event({
        kind: 'display',
        data: {},
        table: {
          title: null,
          columns: Array(101).fill('c'),
          types: [],
          rows: [],
          index: null,
          totalRows: 0,
          totalColumns: 101,
        },
        artifact: null,
      }),
    ],
    [
      'more text than a display may hold',
      event({ kind: 'display', data: { 'text/plain': 'x'.repeat(33 * 1024 * 1024) }, table: null, artifact: null }),
    ],
  ])('%s is refused', (_name, message) => expect(accepts(message)).toBe(false));
});
