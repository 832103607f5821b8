import { describe, expect, it } from 'vitest';
import type { CapturedMessage, CaptureEvent } from '../../contracts/capture.ts';
import { createTurnLog } from './turn-log.ts';

const turn = (
  source: string,
  conversationId: string | null,
  userMessageId: string | null,
  state: 'open' | 'complete' | 'handoff' = 'open',
): CaptureEvent => ({
  kind: 'turn',
  stream: source,
  source,
  state,
  conversationId,
  userMessageId,
});
const message = (messageId: string, conversationId: string | null): CaptureEvent => ({
  kind: 'message',
  message: { messageId, conversationId, role: 'assistant' } as CapturedMessage,
});

describe('createTurnLog', () => {
  it('gathers the messages of a turn', () => {
    const log = createTurnLog();
    log.take(turn('http:1', 'c', 'u1'));
    log.take(message('a1', 'c'));
    expect([...log.current('c').messageIds]).toEqual(['a1']);
    expect(log.current('c').userMessageId).toBe('u1');
  });

  it('gives a turn its conversation once it is known', () => {
    const log = createTurnLog();
    log.take(turn('http:1', null, 'u1'));
    const before = log.current(null);
    log.take(message('a1', 'c'));
    expect(log.current('c')).toBe(before);
  });

  it('goes on with the same turn after a hand-off', () => {
    const log = createTurnLog();
    log.take(turn('http:1', 'c', 'u1'));
    log.take(turn('http:1', 'c', 'u1', 'handoff'));
    const before = log.current('c');
    log.take(turn('topic', 'c', null));
    expect(log.current('c')).toBe(before);
  });

  it('opens another turn for another question', () => {
    const log = createTurnLog();
    log.take(turn('http:1', 'c', 'u1'));
    log.take(turn('http:1', 'c', 'u1', 'complete'));
    const before = log.current('c');
    log.take(turn('http:2', 'c', 'u2'));
    expect(log.current('c')).not.toBe(before);
  });

  it('counts messages of history to no turn', () => {
    const log = createTurnLog();
    log.take(message('a1', 'c'));
    expect(log.current('c').messageIds.size).toBe(0);
  });
});
