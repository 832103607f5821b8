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
const said = (messageId: string, conversationId: string | null, more: Partial<CapturedMessage> = {}) =>
  ({ messageId, conversationId, role: 'assistant', parentId: null, ...more }) as CapturedMessage;
const message = (...of: Parameters<typeof said>): CaptureEvent => ({ kind: 'message', message: said(...of) });

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

  it('knows a conversation by a turn of it or by its history, and a new chat not at all', () => {
    const log = createTurnLog();
    log.take(turn('http:1', null, 'u1'));
    expect([log.acquaintance(null), log.acquaintance('c')]).toEqual([null, null]);
    log.take(message('a1', 'c'));
    log.past(said('a2', 'd'));
    expect(['c', 'd', 'e'].map((id) => log.acquaintance(id))).toEqual(['asked', 'told', null]);
  });

  describe('after a reload in mid-turn', () => {
    /** What the page hears of a message of the history. */
    const read = (log: ReturnType<typeof createTurnLog>, one: CapturedMessage) => {
      log.take({ kind: 'message', message: one });
      return log.past(one);
    };
    const readHistory = (log: ReturnType<typeof createTurnLog>) => {
      read(log, said('u0', 'c', { role: 'user' }));
      read(log, said('a0', 'c'));
      read(log, said('u1', 'c', { role: 'user' }));
      return read(log, said('a1', 'c'));
    };

    it('a resumed stream that tells the turn again goes on with the turn of the history', () => {
      const log = createTurnLog();
      const told = readHistory(log);
      log.take(turn('http:2', 'c', null));
      log.take(turn('http:2', 'c', 'u1'));
      log.take(message('a1', 'c'));
      log.take(message('a2', 'c', { parentId: 'a1' }));
      expect(log.current('c')).toBe(told);
      expect([...told.messageIds]).toEqual(['a1', 'a2']);
      expect(told.isOpen).toBe(true);
      log.take(turn('http:2', 'c', 'u1', 'complete'));
      expect(told.isOpen).toBe(false);
    });

    it('a call that was announced before its message is of the same turn', () => {
      const log = createTurnLog();
      const told = readHistory(log);
      log.take(turn('http:2', 'c', null));
      const announced = log.current('c');
      log.take(message('a2', 'c', { parentId: 'a1' }));
      expect(announced.key).toBe(told.key);
      expect(announced.isOpen).toBe(false);
    });

    it('so does one that tells its question again first', () => {
      const log = createTurnLog();
      const told = readHistory(log);
      log.take(turn('http:2', 'c', null));
      read(log, said('u1', 'c', { role: 'user' }));
      log.take(turn('http:2', 'c', 'u1'));
      read(log, said('u1', 'c', { role: 'user' }));
      expect(read(log, said('a1', 'c'))).toBe(told);
      expect(read(log, said('a2', 'c', { parentId: 'u1' }))).toBe(told);
      expect(log.current('c')).toBe(told);
    });

    it('so does one that begins with what follows', () => {
      const log = createTurnLog();
      const told = readHistory(log);
      log.take(turn('http:2', 'c', null));
      log.take(message('a2', 'c', { parentId: 'a1' }));
      expect(log.current('c')).toBe(told);
    });

    it('a history that comes after the stream tells the turn of the stream', () => {
      const log = createTurnLog();
      log.take(turn('http:2', 'c', 'u1'));
      log.take(message('a2', 'c'));
      expect(readHistory(log)).toBe(log.current('c'));
    });

    it('another question is another turn, whatever the history tells meanwhile', () => {
      const log = createTurnLog();
      const told = readHistory(log);
      log.take(turn('http:2', 'c', 'u2'));
      log.take(message('a1', 'c'));
      expect(log.current('c')).not.toBe(told);
      expect(log.current('c').userMessageId).toBe('u2');
    });

    it('an answer made anew to the same question is another turn', () => {
      const log = createTurnLog();
      const told = readHistory(log);
      log.take(turn('http:2', 'c', 'u1'));
      for (const status of ['in_progress', 'finished_successfully'])
        read(log, said('b1', 'c', { parentId: 'u1', status }));
      expect(log.current('c')).not.toBe(told);
      expect([...told.messageIds]).toEqual(['a1']);
    });
  });
});
