import { describe, expect, it } from 'vitest';
import { LIMITS } from '../contracts/limits.ts';
import { parseFromPreview } from './parse.ts';

const request = { method: 'GET', path: '/', headers: [], body: null };

describe('a message of the frame', () => {
  it.each([
    { op: 'ask', id: 1, request },
    {
      op: 'go',
      request: { ...request, method: 'POST', headers: [['content-type', 'text/plain']], body: new Uint8Array(3) },
    },
    { op: 'stream-open', id: 3, request },
    { op: 'stream-close', id: 3 },
    { op: 'socket-open', id: 2, path: '/live?x=1', protocols: ['chat'] },
    { op: 'socket-close', id: 2, code: null, reason: '' },
    { op: 'shown', title: '' },
    { op: 'cookie', text: 'a=1; path=/' },
    {
      op: 'keep',
      area: 'local',
      changes: [
        ['a', '1'],
        ['b', null],
      ],
    },
  ])('is taken: $op', (message) => {
    expect(parseFromPreview(message)).toEqual(message);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['of no kind', { op: 'other' }],
    ['with more than belongs', { op: 'ask', id: 1, request, port: 22 }],
    ['with another port in what is streamed', { op: 'stream-open', id: 1, request: { ...request, port: 22 } }],
    ['with another port in its request', { op: 'ask', id: 1, request: { ...request, port: 22 } }],
    ['with a whole address', { op: 'go', request: { ...request, path: 'http://elsewhere/' } }],
    ['with a line in its path', { op: 'go', request: { ...request, path: '/\r\nhost: x' } }],
    ['with a fragment', { op: 'address', path: '/#x' }],
    ['with a method in small letters', { op: 'go', request: { ...request, method: 'get' } }],
    ['with too long a path', { op: 'address', path: `/${'x'.repeat(LIMITS.previewPathUtf16.standard)}` }],
    [
      'with too large a body',
      { op: 'go', request: { ...request, body: new Uint8Array(LIMITS.previewBodyBytes.standard + 1) } },
    ],
    ['with too long a cookie', { op: 'cookie', text: 'x'.repeat(LIMITS.previewCookieUtf16.standard + 1) }],
    ['with another area', { op: 'keep', area: 'other', changes: [] }],
    ['with a change that is none', { op: 'keep', area: 'local', changes: [['a']] }],
    [
      'with more than is kept',
      { op: 'keep', area: 'local', changes: [['a', 'x'.repeat(2 * LIMITS.previewKeptUtf16.standard)]] },
    ],
    ['with text as its body', { op: 'go', request: { ...request, body: 'x' } }],
  ])('is refused: %s', (_name, message) => {
    expect(parseFromPreview(message)).toBeNull();
  });
});
