import { describe, expect, it } from 'vitest';
import { type PipelineFrame, sizeOf } from '../../src/capture/pipeline/frame.ts';
import type { Interceptor } from '../../src/capture/pipeline/interceptors/index.ts';
import type { FrameResult, Middleware } from '../../src/capture/pipeline/middleware/index.ts';
import type { Envelope } from '../../src/interception/envelope.ts';

const ADDRESSES = [
  '',
  'x',
  'http://',
  'https://chatgpt.com',
  'https://chatgpt.com/%',
  'javascript:1',
  '\u0000',
  '//',
  'wss://ws.chatgpt.com/',
];

/** A frame around an envelope, as the pipeline makes it. */
export function frameOf(part: object, receivedAtMs = 0): PipelineFrame {
  const envelope = { v: 1, seq: 1, ...part } as Envelope;
  return { envelope, receivedAtMs, size: sizeOf(envelope), route: null, conversationInAddress: null };
}

/** One frame of each kind, with addresses of every sort. */
export function allFrames(): readonly PipelineFrame[] {
  const opened = {
    kind: 'open',
    stream: 1,
    transport: 'fetch',
    status: 200,
    contentType: '',
    retryAfter: null,
    request: null,
  };
  return [
    ...ADDRESSES.map((url) => frameOf({ ...opened, method: 'GET', url })),
    ...ADDRESSES.map((url) => frameOf({ ...opened, method: 'POST', url })),
    ...ADDRESSES.map((url) => frameOf({ kind: 'socket', socket: 1, url, direction: 'in', data: 'secret words' })),
    frameOf({ kind: 'chunk', stream: 1, bytes: new Uint8Array(3) }),
    frameOf({ kind: 'end', stream: 1, how: 'complete' }),
    frameOf({ kind: 'health', counts: {} }),
  ];
}

/** What every interceptor keeps to. */
export function interceptorContract(create: () => Interceptor): void {
  describe(`interceptor ${create().id}`, () => {
    it('answers every frame, and never throws', () => {
      const interceptor = create();
      for (const frame of allFrames()) expect(['pass', 'block']).toContain(interceptor.intercept(frame).kind);
    });

    it('does not change what was sent', () => {
      const interceptor = create();
      for (const frame of allFrames()) {
        const before = structuredClone(frame.envelope);
        interceptor.intercept(frame);
        expect(frame.envelope).toStrictEqual(before);
      }
    });

    it('lets ends and health through', () => {
      const interceptor = create();
      expect(interceptor.intercept(frameOf({ kind: 'end', stream: 1, how: 'failed' })).kind).toBe('pass');
      expect(interceptor.intercept(frameOf({ kind: 'health', counts: {} })).kind).toBe('pass');
    });
  });
}

/** What every middleware keeps to. `read` returns all that it would ever show. */
export function middlewareContract(
  create: () => { readonly middleware: Middleware; readonly read: () => unknown },
): void {
  const results: readonly FrameResult[] = [
    { kind: 'processed' },
    { kind: 'blocked', reason: 'rate_limited' },
    { kind: 'failed', errorName: 'TypeError' },
  ];
  describe(`middleware ${create().middleware.id}`, () => {
    it('takes every frame with every result, and never throws', () => {
      const { middleware } = create();
      expect(() => {
        for (const frame of allFrames()) for (const result of results) middleware.after(frame, result);
      }).not.toThrow();
    });

    it('keeps no contents and no addresses', () => {
      const { middleware, read } = create();
      for (const frame of allFrames()) for (const result of results) middleware.after(frame, result);
      const shown = JSON.stringify(read());
      expect(shown).not.toContain('secret');
      expect(shown).not.toContain('chatgpt.com');
    });

    it('holds a bounded amount', () => {
      const { middleware, read } = create();
      for (let round = 0; round < 1_000; round += 1) {
        for (const result of results) middleware.after(frameOf({ kind: 'health', counts: {} }), result);
      }
      expect(JSON.stringify(read()).length).toBeLessThan(10_000);
    });
  });
}
