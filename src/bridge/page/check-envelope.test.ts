import { describe, expect, it } from 'vitest';
import { OPEN_ENVELOPE as open, SOCKET_ENVELOPE as socket } from '../../../tests/support/sample-envelopes.ts';
import { checkEnvelope } from './check-envelope.ts';

describe('an envelope of the page hook', () => {
  const chunk = { v: 1, seq: 0, kind: 'chunk', stream: 1, bytes: new Uint8Array(1) };

  it.each([
    chunk,
    socket,
    open,
    { v: 1, seq: 1, kind: 'health', counts: { a: 1 } },
    { v: 1, seq: 1, kind: 'end', stream: 1, how: 'failed' },
  ])('is taken: %j', (input) => {
    expect(checkEnvelope(input)).toEqual(input);
  });

  it.each([
    null,
    1,
    'x',
    [],
    {},
    { ...chunk, v: 2 },
    { ...chunk, seq: -1 },
    { ...chunk, seq: 1.5 },
    { ...chunk, kind: 'toString' },
    { ...chunk, kind: '__proto__' },
    { ...chunk, bytes: [1, 2] },
    { ...chunk, bytes: new Float64Array(1) },
    { ...chunk, bytes: new Uint8Array(new SharedArrayBuffer(1)) },
    { ...chunk, stream: '1' },
    { v: 1, seq: 1, kind: 'end', stream: 1, how: 'maybe' },
    { v: 1, seq: 1, kind: 'health', counts: { a: 'b' } },
    { ...socket, direction: 'up' },
    { ...socket, url: 'https://chatgpt.com/ws' },
    { ...open, status: 'x' },
    { ...open, url: 'https://evil.test/' },
  ])('is refused where it is none: %j', (input) => {
    expect(checkEnvelope(input)).toBeNull();
  });
});
