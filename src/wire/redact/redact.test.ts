import { describe, expect, it } from 'vitest';
import { redact, shapeOf } from './index.ts';

const SECRET = 'S3CR3Tvalue-0123456789';

describe('redact', () => {
  it.each([
    JSON.stringify({ type: 'resume_conversation_token', token: SECRET }),
    JSON.stringify({ token: `${SECRET}"with \\ quotes` }),
    JSON.stringify({ a: JSON.stringify({ conduit_token: SECRET }) }),
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ accessToken: SECRET }) }) }),
    `{"token":"${SECRET}`,
    `wss://ws.chatgpt.com/p1?verify=${SECRET}&a=b`,
    `https://x.test/?a=b&X-Amz-Signature=${SECRET}`,
    `Authorization: Bearer ${SECRET}`,
    `authorization: bearer ${SECRET}`,
    `Cookie: session=${SECRET}; other=${SECRET}`,
    `OpenAI-Sentinel-Proof-Token: ${SECRET}`,
    `eyJhbGciOiJub25lIn0.eyJ${SECRET}.`,
  ])('takes the secret out of %s', (text) => {
    const kept = redact(text);
    expect(kept).not.toContain(SECRET);
    expect(kept).toContain('[REDACTED]');
  });

  it('keeps what a person wrote', () => {
    const text = JSON.stringify({ parts: ['the token is in the cookie jar; verify? sig=1 Bearer of news'] });
    expect(redact(text)).toBe(text);
  });

  it('leaves JSON readable', () => {
    const text = JSON.stringify({ token: 'a"b', after: [1, { verify: 'c\\' }], kept: 'x' });
    expect(JSON.parse(redact(text))).toStrictEqual({
      token: '[REDACTED]',
      after: [1, { verify: '[REDACTED]' }],
      kept: 'x',
    });
  });
});

describe('shapeOf', () => {
  it('keeps keys and types, and no value', () => {
    expect(shapeOf({ a: SECRET, b: [1, 2], c: null, d: { e: true } })).toBe(
      '{a: string, b: [2× number], c: null, d: {e: boolean}}',
    );
  });

  it('hides keys that look like values', () => {
    expect(shapeOf({ [`id ${SECRET}`]: 1 })).toBe('{…: number}');
  });

  it('stays short for deep, wide and hostile values', () => {
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${String(index)}`, index]));
    let deep: unknown = 1;
    for (let level = 0; level < 5_000; level += 1) deep = [deep];
    expect(shapeOf(wide).length).toBeLessThanOrEqual(2_000);
    expect(shapeOf(deep)).toContain('…');
    expect(shapeOf(undefined)).toBe('undefined');
  });
});
