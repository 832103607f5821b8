import { describe, expect, it } from 'vitest';
import { MAILBOX, MAILBOX_FLOAT, MAILBOX_HEADER_BYTES, MAILBOX_WINDOW_BYTES } from '../contracts/mailbox.ts';
import { FileRelay } from './file-relay.ts';
import { writeAnswer } from './mailbox-answer.ts';

function makeRelay(mailbox: SharedArrayBuffer | null) {
  const asked: [number, unknown][] = [];
  const told: unknown[] = [];
  let overflows = 0;
  let nowMs = 0;
  const relay = new FileRelay({
    mailbox,
    ask: (id, operation) => asked.push([id, operation]),
    tellWorker: (message) => told.push(message),
    onOverflow: () => overflows++,
    now: () => nowMs,
  });
  return { relay, asked, told, overflows: () => overflows, wait: (ms: number) => (nowMs += ms) };
}

describe('FileRelay', () => {
  it('asks one after another and answers by the id that the worker gave', () => {
    const { relay, asked, told } = makeRelay(null);
    relay.add({ kind: 'file', id: 'a', operation: 1 });
    relay.add({ kind: 'file', id: 'b', operation: 2 });
    expect(asked).toEqual([[1, 1]]);
    relay.answer(1, { ok: true });
    expect(asked).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(told).toEqual([{ kind: 'fileAnswer', id: 'a', answer: { ok: true } }]);
  });

  it('ignores an answer that nobody waits for', () => {
    const { relay, asked, told } = makeRelay(null);
    relay.answer(1, { ok: true });
    relay.add({ kind: 'file', id: 'a', operation: 1 });
    relay.answer(9, { ok: true });
    expect(told).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('gives up on a worker that asks a thousand times ahead', () => {
    const { relay, overflows } = makeRelay(null);
    for (let i = 0; i < 1001; i++) relay.add({ kind: 'file', operation: i });
    expect(overflows()).toBe(1);
  });
});

describe('FileRelay, where a file is read through window by window', () => {
  const SIZE = MAILBOX_WINDOW_BYTES;
  const read = (nth: number, path = 'big') => ({ op: 'read', path, position: nth * SIZE, length: SIZE });
  const full = (fill: number) => ({ ok: true as const, bytes: new Uint8Array(SIZE).fill(fill) });
  const inMailbox = (mailbox: SharedArrayBuffer) => ({
    isAnswered: new Int32Array(mailbox)[MAILBOX.answered] === 1,
    first: new Uint8Array(mailbox, MAILBOX_HEADER_BYTES)[0],
  });

  /** The first two windows of a file were read, so the third (question 3) is on its way. */
  function reading() {
    const mailbox = new SharedArrayBuffer(MAILBOX_HEADER_BYTES + SIZE);
    const made = makeRelay(mailbox);
    const ask = (operation: unknown) => {
      new Int32Array(mailbox)[MAILBOX.answered] = 0;
      made.relay.add({ kind: 'file', operation });
    };
    ask(read(0));
    made.relay.answer(1, full(1));
    expect(made.asked).toHaveLength(1);
    ask(read(1));
    made.relay.answer(2, full(2));
    expect(made.asked.at(-1)).toEqual([3, read(2)]);
    return { ...made, ask, seen: () => inMailbox(mailbox) };
  }

  it('the next one is asked for ahead, and given at once when it is wanted', () => {
    const { relay, asked, ask, seen } = reading();
    relay.answer(3, full(3));
    expect(seen().first).toBe(2);
    ask(read(2));
    expect(seen()).toEqual({ isAnswered: true, first: 3 });
    expect(asked.at(-1)).toEqual([4, read(3)]);
  });

  it('one that is still on its way is waited for and not asked for twice', () => {
    const { relay, asked, ask, seen } = reading();
    ask(read(2));
    expect(asked).toHaveLength(3);
    expect(seen().isAnswered).toBe(false);
    relay.answer(3, full(3));
    expect(seen()).toEqual({ isAnswered: true, first: 3 });
  });

  it('one that has lain too long is read anew: another runtime may have written', () => {
    const { relay, asked, ask, wait } = reading();
    relay.answer(3, full(3));
    wait(51);
    ask(read(2));
    expect(asked.slice(3)).toEqual([[4, read(2)]]);
  });

  it('any other operation makes it void, before and after its answer has come', () => {
    for (const isEarly of [true, false]) {
      const { relay, asked, ask, seen } = reading();
      if (isEarly) relay.answer(3, full(3));
      const write = { op: 'write', path: 'big', position: 2 * SIZE, bytes: null, truncateTo: null };
      ask(write);
      if (!isEarly) relay.answer(3, full(3));
      expect(seen().isAnswered).toBe(false);
      relay.answer(4, { ok: true });
      ask(read(2));
      relay.answer(5, full(9));
      expect(seen()).toEqual({ isAnswered: true, first: 9 });
      expect(asked).toEqual([
        [1, read(0)],
        [2, read(1)],
        [3, read(2)],
        [4, write],
        [5, read(2)],
      ]);
    }
  });

  it('nothing is asked for ahead at its end, of another file, of less than a window, or of what is no file', () => {
    const { relay, asked, ask } = reading();
    relay.answer(3, { ok: true, bytes: new Uint8Array(10) });
    ask(read(2));
    expect(asked).toHaveLength(3);
    const others = [read(0, 'a'), read(1, 'b'), { ...read(2, 'b'), length: SIZE - 1 }, read(0, '.companion/images/x')];
    for (const [at, operation] of [...others, read(1, '.companion/images/x')].entries()) {
      ask(operation);
      relay.answer(4 + at, full(1));
    }
    expect(asked).toHaveLength(8);
  });
});

describe('writeAnswer', () => {
  const read = (mailbox: SharedArrayBuffer) => {
    const words = new Int32Array(mailbox, 0, 16);
    const floats = new Float64Array(mailbox, 0, 8);
    const bytes = new Uint8Array(mailbox, MAILBOX_HEADER_BYTES, words[MAILBOX.bytes] ?? 0);
    const text = new TextDecoder().decode(new Uint8Array(bytes));
    return { answered: words[0], errno: words[1], isDirectory: words[2], size: floats[4], at: floats[5], text };
  };

  it('writes stat in words and floats, beyond 32 bits', () => {
    const mailbox = new SharedArrayBuffer(MAILBOX_HEADER_BYTES + 16);
    const stat = { path: 'x', kind: 'directory', sizeBytes: 2 ** 40, modifiedAtMs: 1_700_000_000_123 } as const;
    writeAnswer(mailbox, { ok: true, stat });
    expect(read(mailbox)).toMatchObject({
      answered: 1,
      errno: 0,
      isDirectory: 1,
      size: 2 ** 40,
      at: 1_700_000_000_123,
    });
    expect(MAILBOX_FLOAT.size * 8).toBeGreaterThanOrEqual((MAILBOX.bytes + 1) * 4);
  });

  it('cuts bytes to the window and refuses a list beyond it', () => {
    const mailbox = new SharedArrayBuffer(MAILBOX_HEADER_BYTES + 4);
    writeAnswer(mailbox, { ok: true, bytes: new TextEncoder().encode('abcdef') });
    expect(read(mailbox)).toMatchObject({ errno: 0, text: 'abcd' });
    writeAnswer(mailbox, { ok: true, entries: [{ path: 'long', kind: 'file', sizeBytes: 0, modifiedAtMs: 0 }] });
    expect(read(mailbox)).toMatchObject({ errno: 8, text: '' });
    writeAnswer(mailbox, { ok: false, errno: 'ENOENT' });
    expect(read(mailbox)).toMatchObject({ errno: 1 });
  });
});
